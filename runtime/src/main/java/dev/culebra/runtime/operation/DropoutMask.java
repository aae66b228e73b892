package dev.culebra.runtime.operation;

/**
 * The masks of {@link Dropout}: Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
 *
 * <p>The key is the seed; the counter is (element index / 4, stream, low and high half of the step), and element i
 * takes word i mod 4 of the block. It is dropped if that word, as an unsigned number, is below p · 2³².
 */
public final class DropoutMask {
    private static final int MULTIPLIER_0 = 0xD2511F53;
    private static final int MULTIPLIER_1 = 0xCD9E8D57;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;

    private DropoutMask() {}

    /**
     * Writes the factors, 0 or 1 / (1 - p), of the elements from {@code first} on, a multiple of 4.
     *
     * @param factors overwritten; as many elements as it has
     */
    public static void fill(DropoutSpec spec, long step, long first, float[] factors) {
        long threshold = (long) (spec.probability() * 0x1p32);
        float kept = (float) (1 / (1 - spec.probability()));
        for (int i = 0; i < factors.length; i += 4) {
            int x0 = (int) ((first + i) >>> 2);
            int x1 = spec.stream();
            int x2 = (int) step;
            int x3 = (int) (step >>> 32);
            int key0 = (int) spec.seed();
            int key1 = (int) (spec.seed() >>> 32);
            for (int round = 0; round < 10; round++) {
                long product0 = Integer.toUnsignedLong(MULTIPLIER_0) * Integer.toUnsignedLong(x0);
                long product1 = Integer.toUnsignedLong(MULTIPLIER_1) * Integer.toUnsignedLong(x2);
                x0 = (int) (product1 >>> 32) ^ x1 ^ key0;
                x1 = (int) product1;
                x2 = (int) (product0 >>> 32) ^ x3 ^ key1;
                x3 = (int) product0;
                key0 += WEYL_0;
                key1 += WEYL_1;
            }
            int count = Math.min(4, factors.length - i);
            for (int word = 0; word < count; word++) {
                int bits = word == 0 ? x0 : word == 1 ? x1 : word == 2 ? x2 : x3;
                factors[i + word] = Integer.toUnsignedLong(bits) < threshold ? 0 : kept;
            }
        }
    }
}
