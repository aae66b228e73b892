package dev.culebra.tools.benchmarks.study;

import dev.culebra.nn.SeededRandom;

/** Token ids drawn at random, the same in every run. */
public final class RandomIds {
    private RandomIds() {}

    /**
     * Ids in 1..{@code vocabulary} - 1.
     *
     * @param what tells them from others
     */
    public static int[] of(String what, int vocabulary, int count) {
        SeededRandom random = new SeededRandom(42, what);
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = 1 + (int) (random.nextDouble() * (vocabulary - 1));
        }
        return ids;
    }
}
