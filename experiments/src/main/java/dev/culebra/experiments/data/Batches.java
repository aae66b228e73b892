package dev.culebra.experiments.data;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * A dataset's batches, in the order of the text or shuffled anew in each epoch from a seed. Every batch is a pure
 * function of seed, epoch and its index. One thread at a time.
 */
public final class Batches {
    private final Dataset dataset;
    private final int batchSize;
    private final OptionalLong seed;
    private final int[] order;
    private int orderedEpoch = -1;

    private Batches(Dataset dataset, int batchSize, OptionalLong seed) {
        this.dataset = dataset;
        this.batchSize = batchSize;
        this.seed = seed;
        this.order = new int[dataset.size()];
        ShuffleOrder.inOrder(order);
    }

    /** Batches in the order of the text, the same in every epoch. */
    public static Batches inOrder(Dataset dataset, int batchSize) {
        return new Batches(dataset, batchSize, OptionalLong.empty());
    }

    /** Batches shuffled by {@code seed}, differently in each epoch. */
    public static Batches shuffled(Dataset dataset, int batchSize, long seed) {
        return new Batches(dataset, batchSize, OptionalLong.of(seed));
    }

    /** The sequences these are made of. */
    public Dataset dataset() {
        return dataset;
    }

    /** How many batches an epoch has; the last one may be smaller. */
    public int perEpoch() {
        return Math.ceilDiv(dataset.size(), batchSize);
    }

    /** A batch to be filled by {@link #fill}, again and again. */
    public Batch newBatch() {
        return new Batch(batchSize, dataset.sequenceLength());
    }

    /**
     * Fills {@code batch}; allocates nothing.
     *
     * @param epoch counted from 1
     * @param index counted from 0, below {@link #perEpoch}
     * @param batch overwritten
     */
    public void fill(int epoch, int index, Batch batch) {
        Objects.checkIndex(index, perEpoch());
        if (seed.isPresent() && orderedEpoch != epoch) {
            ShuffleOrder.shuffle(seed.getAsLong(), epoch, order);
            orderedEpoch = epoch;
        }
        int first = index * batchSize;
        batch.fill(dataset, order, first, Math.min(batchSize, order.length - first));
    }
}
