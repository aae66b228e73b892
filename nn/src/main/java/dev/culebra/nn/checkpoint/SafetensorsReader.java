package dev.culebra.nn.checkpoint;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

import dev.culebra.runtime.BFloat16;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;

/**
 * An open safetensors file: its header is checked whole on opening, its tensors are read piece by piece.
 *
 * <p>Whatever is wrong with the file is one {@link SafetensorsException} that names it. One thread at a time.
 */
public final class SafetensorsReader implements Closeable {
    private static final int CHUNK = 1 << 16;

    private final Path file;
    private final FileChannel channel;
    private final SafetensorsHeader header;
    private final long dataStart;

    private SafetensorsReader(Path file, FileChannel channel, SafetensorsHeader header, long dataStart) {
        this.file = file;
        this.channel = channel;
        this.header = header;
        this.dataStart = dataStart;
    }

    /** Opens a file and checks its header. */
    public static SafetensorsReader open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new SafetensorsException(file, Files.exists(file) ? "is not a file" : "there is no such file");
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            long size = channel.size();
            if (size < Long.BYTES) {
                throw new SafetensorsException(file, "is no safetensors file: it has only " + size + " bytes");
            }
            long headerBytes = read(file, channel, 0, Long.BYTES).getLong();
            if (headerBytes < 2 || headerBytes > SafetensorsHeader.LARGEST) {
                throw new SafetensorsException(file, "is no safetensors file: its first 8 bytes give a header of "
                        + Long.toUnsignedString(headerBytes) + " bytes");
            }
            long dataStart = Long.BYTES + headerBytes;
            if (dataStart > size) {
                throw new SafetensorsException(file, "its header should have " + headerBytes
                        + " bytes, but the file ends after " + (size - Long.BYTES));
            }
            ByteBuffer json = read(file, channel, Long.BYTES, (int) headerBytes);
            return new SafetensorsReader(file, channel, SafetensorsHeader.parse(file, json, size - dataStart),
                    dataStart);
        } catch (IOException | RuntimeException | Error failure) {
            try (channel) {
                throw failure;
            }
        }
    }

    /** The file. */
    public Path file() {
        return file;
    }

    /** The header's strings; empty if it has none. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    /** All tensors, in the order of the header. */
    public Collection<TensorEntry> entries() {
        return Collections.unmodifiableCollection(header.entries().values());
    }

    /** The tensor of that name, if there is one. */
    public Optional<TensorEntry> entry(String name) {
        return Optional.ofNullable(header.entries().get(name));
    }

    /**
     * Reads a tensor into memory of a backend, rounding to its element type where that is narrower.
     *
     * @param target overwritten; it must have the shape of the stored tensor
     * @throws SafetensorsException if there is no tensor of that name and shape
     */
    public void read(String name, Tensor target) throws IOException {
        TensorEntry entry = require(name);
        if (!entry.shape().equals(target.shape())) {
            throw new SafetensorsException(file,
                    "tensor '" + name + "' has the shape " + entry.shape() + " instead of " + target.shape());
        }
        for (long start = 0; start < target.elements(); start += CHUNK) {
            int count = (int) Math.min(CHUNK, target.elements() - start);
            copy(entry.type(), elements(entry, start, count), target.view(start, Shape.of(count)));
        }
    }

    /**
     * Reads some columns of a matrix, each as a row of {@code target}:
     * target[i, j] = stored[j, firstColumn + i]. A stored vector counts as a matrix of one row.
     *
     * @param target (columns, rows of the stored matrix), or (columns) for a vector; overwritten, and rounded to its
     *     element type where that is narrower
     * @throws SafetensorsException if there is no matrix of that name, or it has not that many rows and columns
     */
    void readTransposed(String name, int firstColumn, Tensor target) throws IOException {
        TensorEntry entry = require(name);
        int rows = Math.toIntExact(target.elements() / target.shape().size(0));
        int columns = target.shape().size(0);
        int storedColumns = entry.shape().size(-1);
        if (entry.shape().elements() != (long) rows * storedColumns || firstColumn + columns > storedColumns) {
            throw new SafetensorsException(file, "tensor '" + name + "' " + entry.shape() + " has no columns "
                    + firstColumn + " to " + (firstColumn + columns) + " of " + rows + " rows");
        }
        double[] values = new double[rows * columns];
        for (int row = 0; row < rows; row++) {
            ByteBuffer bytes = elements(entry, (long) row * storedColumns + firstColumn, columns);
            for (int column = 0; column < columns; column++) {
                values[column * rows + row] = decode(entry.type(), bytes, column);
            }
        }
        target.set(values);
    }

    /** Whether the file has both tensors, and they are the same bit for bit. */
    boolean sameValues(String name, String other) throws IOException {
        if (entry(name).isEmpty() || entry(other).isEmpty()) {
            return false;
        }
        TensorEntry one = require(name);
        TensorEntry two = require(other);
        boolean same = one.type() == two.type() && one.shape().equals(two.shape());
        for (long start = 0; same && start < one.shape().elements(); start += CHUNK) {
            int count = (int) Math.min(CHUNK, one.shape().elements() - start);
            same = elements(one, start, count).equals(elements(two, start, count));
        }
        return same;
    }

    /**
     * Reads a tensor as {@code double}, in row-major order.
     *
     * @throws SafetensorsException if there is no tensor of that name
     */
    public double[] readDoubles(String name) throws IOException {
        TensorEntry entry = require(name);
        double[] values = new double[Math.toIntExact(entry.shape().elements())];
        for (int start = 0; start < values.length; start += CHUNK) {
            int count = Math.min(CHUNK, values.length - start);
            ByteBuffer bytes = elements(entry, start, count);
            for (int i = 0; i < count; i++) {
                values[start + i] = decode(entry.type(), bytes, i);
            }
        }
        return values;
    }

    private TensorEntry require(String name) throws SafetensorsException {
        return entry(name).orElseThrow(() -> new SafetensorsException(file, "has no tensor '" + name + "'"));
    }

    private ByteBuffer elements(TensorEntry entry, long start, int count) throws IOException {
        return read(file, channel, dataStart + entry.begin() + start * entry.type().bytes(),
                count * entry.type().bytes());
    }

    private static void copy(StoredType type, ByteBuffer bytes, Tensor target) {
        int count = Math.toIntExact(target.elements());
        if (target.type() == DataType.I32) {
            int[] values = new int[count];
            for (int i = 0; i < count; i++) {
                values[i] = (int) decode(type, bytes, i);
            }
            target.set(values);
        } else if (type == StoredType.F32) {
            float[] values = new float[count];
            bytes.asFloatBuffer().get(values);
            target.set(values);
        } else {
            double[] values = new double[count];
            for (int i = 0; i < count; i++) {
                values[i] = decode(type, bytes, i);
            }
            target.set(values);
        }
    }

    private static double decode(StoredType type, ByteBuffer bytes, int index) {
        return switch (type) {
            case F64 -> bytes.getDouble(index * 8);
            case F32 -> bytes.getFloat(index * 4);
            case F16 -> Float.float16ToFloat(bytes.getShort(index * 2));
            case BF16 -> BFloat16.toFloat(bytes.getShort(index * 2));
            case I64 -> bytes.getLong(index * 8);
            case I32 -> bytes.getInt(index * 4);
            case I16 -> bytes.getShort(index * 2);
            case I8 -> bytes.get(index);
            case U8, BOOL -> bytes.get(index) & 0xff;
        };
    }

    private static ByteBuffer read(Path file, FileChannel channel, long position, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new SafetensorsException(file, "was cut short while it was read");
            }
        }
        return buffer.flip();
    }

    /** Closes the file; a second call does nothing. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
