package dev.culebra.runtime.operation;

import java.util.Arrays;

/**
 * {@link DropoutMask} for processors: the same masks, some hundred counters at a time, each word of them in an array of its own.
 * Of a loop over such arrays that makes one round of the encryption the JIT makes vector code. Not safe for use by several threads.
 */
public final class DropoutMaskLanes {
    /** Counters, which all stay in a core's nearest cache. */
    private static final int LANES = 256;
    private static final int WORDS = 4;
    private static final long WORD = 0xFFFFFFFFL;

    /** By word and lane, in the lower half of each number, which is what a product of 32 by 32 bits needs. */
    private final long[][] words = new long[WORDS][LANES];
    private final float[][] factors = new float[WORDS][LANES];

    /** Lanes that hold nothing yet. */
    public DropoutMaskLanes() {}

    /**
     * Writes the factors, 0 or 1 / (1 - p), of the elements from {@code first} on, a multiple of 4.
     *
     * @param result overwritten from its start
     * @param count how many elements
     */
    public void fill(DropoutSpec spec, long step, long first, float[] result, int count) {
        for (int from = 0; from < count; from += WORDS * LANES) {
            encrypt((first + from) / WORDS, spec, step);
            for (int word = 0; word < WORDS; word++) {
                compare(words[word], spec.threshold(), spec.keptScale(), factors[word]);
            }
            interleave(result, from, Math.min(count - from, WORDS * LANES));
        }
    }

    private void encrypt(long counter, DropoutSpec spec, long step) {
        for (int lane = 0; lane < LANES; lane++) {
            words[0][lane] = (counter + lane) & WORD;
        }
        Arrays.fill(words[1], spec.stream() & WORD);
        Arrays.fill(words[2], step & WORD);
        Arrays.fill(words[3], step >>> Integer.SIZE);
        Philox.encrypt(words[0], words[1], words[2], words[3], spec.seed());
    }

    /** Without a branch, which would be foretold wrongly for a good part of the elements: below, the difference's sign is 1. */
    private static void compare(long[] words, long threshold, float kept, float[] factors) {
        for (int lane = 0; lane < LANES; lane++) {
            factors[lane] = kept * (1 - ((words[lane] - threshold) >>> (Long.SIZE - 1)));
        }
    }

    private void interleave(float[] result, int from, int count) {
        float[] factors0 = factors[0];
        float[] factors1 = factors[1];
        float[] factors2 = factors[2];
        float[] factors3 = factors[3];
        int whole = count / WORDS;
        for (int lane = 0; lane < whole; lane++) {
            int element = from + WORDS * lane;
            result[element] = factors0[lane];
            result[element + 1] = factors1[lane];
            result[element + 2] = factors2[lane];
            result[element + 3] = factors3[lane];
        }
        for (int word = 0; word < count % WORDS; word++) {
            result[from + WORDS * whole + word] = factors[word][whole];
        }
    }
}
