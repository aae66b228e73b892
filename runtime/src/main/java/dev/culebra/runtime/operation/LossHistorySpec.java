package dev.culebra.runtime.operation;

/**
 * How many losses are kept.
 *
 * @param sequences B
 * @param sequenceLength T
 * @param capacity of how many steps
 */
public record LossHistorySpec(int sequences, int sequenceLength, int capacity) {
    /** Checks the sizes. */
    public LossHistorySpec {
        Specs.requirePositive("sequences", sequences);
        Specs.requirePositive("sequenceLength", sequenceLength);
        Specs.requirePositive("capacity", capacity);
        Math.multiplyExact(sequences, sequenceLength);
        Math.multiplyExact(sequences, capacity);
    }

    /** The number of rows, B·T. */
    public int rows() {
        return sequences * sequenceLength;
    }

    /** Where the sums of a step are kept, in 0..capacity-1. */
    public int slot(long step) {
        return Math.toIntExact(Math.floorMod(step, capacity));
    }

    /**
     * Sums in the order of their steps.
     *
     * @param kept (capacity, B), by slots
     * @param first the first step wanted
     * @param count how many
     * @return (count, B)
     * @throws IllegalArgumentException if so many are not kept
     */
    public double[] inOrder(double[] kept, long first, int count) {
        if (count < 0 || count > capacity) {
            throw new IllegalArgumentException(
                    "the losses of " + count + " steps were asked for; the latest " + capacity
                            + " are kept");
        }
        double[] ordered = new double[count * sequences];
        for (int i = 0; i < count; i++) {
            System.arraycopy(kept, slot(first + i) * sequences, ordered, i * sequences, sequences);
        }
        return ordered;
    }
}
