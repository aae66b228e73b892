package dev.culebra.nn;

import java.nio.charset.StandardCharsets;

/**
 * A stream of random numbers that depends on a seed and a name alone, the same on every platform and Java version.
 *
 * <p>The generator is SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators"); its
 * start is the FNV-1a hash of the name's UTF-8 bytes, begun at the mixed seed. So every tensor has streams of its
 * own, and adding a tensor to a model changes no other. One thread at a time.
 */
public final class SeededRandom {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final long FNV_PRIME = 0x100000001B3L;

    private long state;
    private double spareGaussian;
    private boolean hasSpareGaussian;

    /** The stream called {@code name} of {@code seed}. */
    public SeededRandom(long seed, String name) {
        this(key(seed, name));
    }

    private SeededRandom(long state) {
        this.state = state;
    }

    /** The stream from a state of the generator itself, to compare it with published numbers. */
    static SeededRandom ofState(long state) {
        return new SeededRandom(state);
    }

    /** The next 64 bits. */
    public long nextLong() {
        return mix(state += GOLDEN_GAMMA);
    }

    /** Uniform in [0, 1), a multiple of 2⁻⁵³. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    /** Normally distributed with mean 0 and deviation 1, by Marsaglia's polar method. */
    public double nextGaussian() {
        if (hasSpareGaussian) {
            hasSpareGaussian = false;
            return spareGaussian;
        }
        double x;
        double y;
        double square;
        do {
            x = 2 * nextDouble() - 1;
            y = 2 * nextDouble() - 1;
            square = x * x + y * y;
        } while (square >= 1 || square == 0);
        // StrictMath, because Math.log may differ in its last bit between platforms.
        double factor = Math.sqrt(-2 * StrictMath.log(square) / square);
        spareGaussian = y * factor;
        hasSpareGaussian = true;
        return x * factor;
    }

    private static long key(long seed, String name) {
        long hash = mix(seed + GOLDEN_GAMMA);
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return mix(hash);
    }

    private static long mix(long z) {
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
