package dev.culebra.experiments.data;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The element types of numpy arrays that this project reads and writes; all little-endian. */
public enum NpyType {
    /** Signed, 1 byte. */
    INT8("|i1", 1),
    /** Signed, 2 bytes. */
    INT16("<i2", 2),
    /** Signed, 4 bytes. */
    INT32("<i4", 4),
    /** Signed, 8 bytes. */
    INT64("<i8", 8),
    /** Unsigned, 1 byte. */
    UINT8("|u1", 1),
    /** Unsigned, 2 bytes. */
    UINT16("<u2", 2),
    /** Unsigned, 4 bytes. */
    UINT32("<u4", 4),
    /** Unsigned, 8 bytes. */
    UINT64("<u8", 8),
    /** IEEE half precision. */
    FLOAT16("<f2", 2),
    /** IEEE single precision. */
    FLOAT32("<f4", 4),
    /** IEEE double precision. */
    FLOAT64("<f8", 8);

    private final String descriptor;
    private final int bytes;

    NpyType(String descriptor, int bytes) {
        this.descriptor = descriptor;
        this.bytes = bytes;
    }

    /** The type whose numpy descriptor is {@code descriptor}, such as {@code <u2}. */
    static Optional<NpyType> of(String descriptor) {
        return Arrays.stream(values()).filter(type -> type.descriptor.equals(descriptor)).findFirst();
    }

    /** As numpy writes it: {@code <u2}. */
    String descriptor() {
        return descriptor;
    }

    /** The size of one element. */
    int bytes() {
        return bytes;
    }

    /** Whether the elements are whole numbers. */
    boolean isInteger() {
        return ordinal() < FLOAT16.ordinal();
    }

    /**
     * The next element as a whole number.
     *
     * @throws ArithmeticException for a {@link #UINT64} beyond Java's {@code long}
     */
    long getInteger(ByteBuffer buffer) {
        return switch (this) {
            case INT8 -> buffer.get();
            case INT16 -> buffer.getShort();
            case INT32 -> buffer.getInt();
            case INT64 -> buffer.getLong();
            case UINT8 -> Byte.toUnsignedLong(buffer.get());
            case UINT16 -> Short.toUnsignedLong(buffer.getShort());
            case UINT32 -> Integer.toUnsignedLong(buffer.getInt());
            case UINT64 -> {
                long value = buffer.getLong();
                if (value < 0) {
                    throw new ArithmeticException(Long.toUnsignedString(value) + " is beyond 64 signed bits");
                }
                yield value;
            }
            case FLOAT16, FLOAT32, FLOAT64 -> throw new IllegalStateException(this + " is no integer type");
        };
    }

    /** The next element in single precision, rounded where this type is wider. */
    float getFloat(ByteBuffer buffer) {
        return switch (this) {
            case FLOAT16 -> Float.float16ToFloat(buffer.getShort());
            case FLOAT32 -> buffer.getFloat();
            case FLOAT64 -> (float) buffer.getDouble();
            default -> getInteger(buffer);
        };
    }

    /**
     * Appends one element.
     *
     * @throws ArithmeticException if this type cannot hold {@code value}
     */
    void putInteger(ByteBuffer buffer, long value) {
        long least = this == INT64 ? Long.MIN_VALUE : name().startsWith("U") ? 0 : -1L << 8 * bytes - 1;
        long most = bytes == 8 ? Long.MAX_VALUE : (name().startsWith("U") ? 1L << 8 * bytes : 1L << 8 * bytes - 1) - 1;
        if (!isInteger() || value < least || value > most) {
            throw new ArithmeticException(value + " does not fit " + this);
        }
        switch (bytes) {
            case 1 -> buffer.put((byte) value);
            case 2 -> buffer.putShort((short) value);
            case 4 -> buffer.putInt((int) value);
            default -> buffer.putLong(value);
        }
    }

    /** Appends one element, rounded to the nearest. */
    void putFloat(ByteBuffer buffer, float value) {
        switch (this) {
            case FLOAT16 -> buffer.putShort(Float.floatToFloat16(value));
            case FLOAT32 -> buffer.putFloat(value);
            case FLOAT64 -> buffer.putDouble(value);
            default -> throw new ArithmeticException(this + " does not hold fractions");
        }
    }

    /** As numpy names it: {@code uint16}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
