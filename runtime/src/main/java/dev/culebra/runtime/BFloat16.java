package dev.culebra.runtime;

/** Conversions between IEEE single precision and bfloat16, its upper 16 bits. */
public final class BFloat16 {
    private BFloat16() {}

    /** Exact. */
    public static float toFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** Rounds to the nearest, ties to even, as hardware does; NaN stays NaN. */
    public static short fromFloat(float value) {
        return (short) (round(Float.floatToRawIntBits(value)) >>> 16);
    }

    /**
     * Rounds as {@link #fromFloat} does, from the bits of a single-precision number to those of a bfloat16 in the upper half;
     * what the lower half holds is open. Without a branch, so that the JIT makes vector code of a loop over an array.
     */
    public static int round(int bits) {
        int ifNaN = 0x7f800000 - (bits & 0x7fffffff) >> 31; // All bits if it is NaN, else none.
        int rounded = bits + 0x7fff + (bits >>> 16 & 1);
        return rounded & ~ifNaN | (bits | 0x400000) & ifNaN;
    }
}
