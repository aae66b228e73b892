package dev.culebra.experiments.data;

/**
 * The order of a dataset's sequences in an epoch: a pure function of seed and epoch, the same on every machine, so that
 * a resumed run needs no more than its step number to go on.
 *
 * <p>The generator is SplitMix64 (Steele, Lea, Flood 2014), whose n-th number is mix(s + n γ); its start s is
 * mix(mix(seed + γ) + epoch). The shuffle is Fisher and Yates's, from the last place down: place i swaps with place
 * (next number, unsigned) mod (i + 1).
 */
final class ShuffleOrder {
    private static final long GAMMA = 0x9e3779b97f4a7c15L;

    private ShuffleOrder() {}

    /** Overwrites {@code order} with a permutation of 0 … order.length - 1. */
    static void shuffle(long seed, int epoch, int[] order) {
        inOrder(order);
        long state = mix(mix(seed + GAMMA) + epoch);
        for (int i = order.length - 1; i > 0; i--) {
            state += GAMMA;
            int other = (int) Long.remainderUnsigned(mix(state), i + 1);
            int swapped = order[i];
            order[i] = order[other];
            order[other] = swapped;
        }
    }

    /** Overwrites {@code order} with 0 … order.length - 1. */
    static void inOrder(int[] order) {
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
