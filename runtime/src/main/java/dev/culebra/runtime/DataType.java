package dev.culebra.runtime;

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
}
