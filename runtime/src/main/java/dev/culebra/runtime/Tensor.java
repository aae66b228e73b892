package dev.culebra.runtime;

import java.lang.foreign.MemorySegment;

/**
 * A contiguous, row-major array of numbers in a backend's memory. A tensor is a view and owns nothing: its
 * {@link Storage} does.
 *
 * <p>The transfer methods convert between the element type and Java's {@code float}, {@code double} and {@code int};
 * they wait for the device where there is one. One thread at a time.
 */
public final class Tensor {
    private final Storage storage;
    private final long byteOffset;
    private final DataType type;
    private final Shape shape;
    private MemorySegment base = MemorySegment.NULL;
    private MemorySegment segment = MemorySegment.NULL;

    /** A view of {@code storage} that starts {@code byteOffset} bytes into it. */
    public Tensor(Storage storage, long byteOffset, DataType type, Shape shape) {
        this.storage = storage;
        this.byteOffset = byteOffset;
        this.type = type;
        this.shape = shape;
        if (byteOffset < 0
                || (!storage.isPlanned() && byteOffset + shape.elements() * type.bytes() > storage.bytes())) {
            throw new IllegalArgumentException("a tensor " + type + shape + " at byte " + byteOffset
                    + " does not fit its storage of " + storage.bytes() + " bytes");
        }
    }

    /** The element type. */
    public DataType type() {
        return type;
    }

    /** The sizes of the axes. */
    public Shape shape() {
        return shape;
    }

    /** The number of elements. */
    public long elements() {
        return shape.elements();
    }

    /** The size in bytes. */
    public long bytes() {
        return shape.elements() * type.bytes();
    }

    /** The memory this is a view of. */
    public Storage storage() {
        return storage;
    }

    /** Where in its storage the first element lies, in bytes. */
    public long byteOffset() {
        return byteOffset;
    }

    /** Whether this tensor belongs to a dry run and has no memory: see {@link ActivationMemory#plan}. */
    public boolean isPlanned() {
        return storage.isPlanned();
    }

    /** The memory of this tensor alone, for backends. */
    public MemorySegment segment() {
        MemorySegment current = storage.segment();
        if (current != base) {
            segment = current.asSlice(byteOffset, bytes());
            base = current;
        }
        return segment;
    }

    /** The address of the first element, for native libraries. */
    public long address() {
        return segment().address();
    }

    /** The same elements under another shape with as many elements. */
    public Tensor reshape(int... sizes) {
        Shape other = Shape.of(sizes);
        if (other.elements() != elements()) {
            throw new IllegalArgumentException(shape + " cannot be seen as " + other);
        }
        return new Tensor(storage, byteOffset, type, other);
    }

    /** A view of consecutive elements, the first of them at index {@code offset} of this tensor. */
    public Tensor view(long offset, Shape part) {
        if (offset < 0 || offset + part.elements() > elements()) {
            throw new IllegalArgumentException(part + " at element " + offset + " lies outside " + shape);
        }
        return new Tensor(storage, byteOffset + offset * type.bytes(), type, part);
    }

    /** All elements as {@code double}. */
    public double[] toDoubles() {
        double[] values = new double[Math.toIntExact(elements())];
        if (type == DataType.F64) {
            storage.read(byteOffset, MemorySegment.ofArray(values));
            return values;
        }
        MemorySegment host = readAll();
        for (int i = 0; i < values.length; i++) {
            values[i] = type.get(host, i);
        }
        return values;
    }

    /** All elements as {@code float}, rounded where the type is wider. */
    public float[] toFloats() {
        float[] values = new float[Math.toIntExact(elements())];
        if (type == DataType.F32) {
            storage.read(byteOffset, MemorySegment.ofArray(values));
            return values;
        }
        MemorySegment host = readAll();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) type.get(host, i);
        }
        return values;
    }

    /** All elements as {@code int}; only for {@link DataType#I32}. */
    public int[] toInts() {
        requireType(DataType.I32);
        int[] values = new int[Math.toIntExact(elements())];
        storage.read(byteOffset, MemorySegment.ofArray(values));
        return values;
    }

    /** Overwrites all elements, rounded to the element type, and marks the storage as modified. */
    public void set(double... values) {
        requireCount(values.length);
        if (type == DataType.F64) {
            storage.write(byteOffset, MemorySegment.ofArray(values));
        } else {
            MemorySegment host = MemorySegment.ofArray(new byte[Math.toIntExact(bytes())]);
            for (int i = 0; i < values.length; i++) {
                type.put(host, i, values[i]);
            }
            storage.write(byteOffset, host);
        }
        storage.markModified();
    }

    /** Overwrites all elements, rounded to the element type, and marks the storage as modified. */
    public void set(float[] values) {
        requireCount(values.length);
        if (type == DataType.F32) {
            storage.write(byteOffset, MemorySegment.ofArray(values));
        } else {
            MemorySegment host = MemorySegment.ofArray(new byte[Math.toIntExact(bytes())]);
            for (int i = 0; i < values.length; i++) {
                type.put(host, i, values[i]);
            }
            storage.write(byteOffset, host);
        }
        storage.markModified();
    }

    /** Overwrites all elements; only for {@link DataType#I32}. */
    public void set(int[] values) {
        requireType(DataType.I32);
        requireCount(values.length);
        storage.write(byteOffset, MemorySegment.ofArray(values));
        storage.markModified();
    }

    /** Sets every element to zero and marks the storage as modified. */
    public void clear() {
        storage.fill(byteOffset, bytes(), (byte) 0);
        storage.markModified();
    }

    private MemorySegment readAll() {
        MemorySegment host = MemorySegment.ofArray(new byte[Math.toIntExact(bytes())]);
        storage.read(byteOffset, host);
        return host;
    }

    private void requireType(DataType expected) {
        if (type != expected) {
            throw new IllegalStateException("this tensor holds " + type + ", not " + expected);
        }
    }

    private void requireCount(int count) {
        if (count != elements()) {
            throw new IllegalArgumentException(count + " values for a tensor " + shape);
        }
    }

    @Override
    public String toString() {
        return type + shape.toString();
    }
}
