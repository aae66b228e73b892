package dev.culebra.runtime.operation;

/**
 * The masks of {@link Dropout}: {@linkplain Philox Philox4x32-10} numbers against a threshold.
 *
 * <p>The key is the seed; the counter is (element index / 4, stream, low and high half of the step), and element i
 * takes word i mod 4 of the block. It is dropped if that word, as an unsigned number, is below p · 2³².
 */
public final class DropoutMask {
    private DropoutMask() {}

    /**
     * Writes the factors, 0 or 1 / (1 - p), of the elements from {@code first} on, a multiple of 4.
     *
     * @param factors overwritten; as many elements as it has
     */
    public static void fill(DropoutSpec spec, long step, long first, float[] factors) {
        long threshold = spec.threshold();
        float kept = spec.keptScale();
        int[] words = new int[4];
        for (int i = 0; i < factors.length; i += 4) {
            words[0] = (int) ((first + i) >>> 2);
            words[1] = spec.stream();
            words[2] = (int) step;
            words[3] = (int) (step >>> 32);
            Philox.encrypt(words, spec.seed());
            for (int word = 0; word < Math.min(4, factors.length - i); word++) {
                factors[i + word] = Integer.toUnsignedLong(words[word]) < threshold ? 0 : kept;
            }
        }
    }
}
