package dev.culebra.runtime;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The type of a tensor's elements. */
public enum DataType {
    /** IEEE single precision. */
    F32(4),
    /** bfloat16: the upper half of an IEEE single. */
    BF16(2),
    /** IEEE double precision: everything on the reference backend, and sums on every backend. */
    F64(8),
    /** Signed 32-bit integers: token ids. */
    I32(4);

    private final int bytes;

    DataType(int bytes) {
        this.bytes = bytes;
    }

    /** The size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** The element at {@code index} of host memory that holds this type, at whatever address. */
    public double get(MemorySegment host, long index) {
        return switch (this) {
            case F32 -> host.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index);
            case F64 -> host.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, index);
            case I32 -> host.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, index);
            case BF16 -> BFloat16.toFloat(host.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, index));
        };
    }

    /** Makes {@code value}, rounded to this type, the element at {@code index} of host memory. */
    public void put(MemorySegment host, long index, double value) {
        switch (this) {
            case F32 -> host.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index, (float) value);
            case F64 -> host.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, index, value);
            case I32 -> host.setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, index, (int) value);
            case BF16 -> host.setAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, index, BFloat16.fromFloat((float) value));
        }
    }
}
