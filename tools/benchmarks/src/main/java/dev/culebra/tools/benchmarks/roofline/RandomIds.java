package dev.culebra.tools.benchmarks.roofline;

import dev.culebra.nn.SeededRandom;

/** Token ids drawn at random, the same in every run. */
final class RandomIds {
    private RandomIds() {}

    /**
     * Ids in 1..{@code vocabulary} - 1.
     *
     * @param what tells them from others
     */
    static int[] of(String what, int vocabulary, int count) {
        SeededRandom random = new SeededRandom(42, what);
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = 1 + (int) (random.nextDouble() * (vocabulary - 1));
        }
        return ids;
    }
}
