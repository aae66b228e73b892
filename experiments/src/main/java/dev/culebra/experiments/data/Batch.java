package dev.culebra.experiments.data;

import java.util.Arrays;

/**
 * B sequences of T tokens, padded with zeros: shorter sequences at their end, and the last batch of an epoch with whole
 * empty sequences, because a model is built for one shape. The arrays are row-major (B, T), filled anew by each
 * {@link Batches#fill}, and for reading only.
 */
public final class Batch {
    private final int batchSize;
    private final int sequenceLength;
    private final int[] tokens;
    private final int[] targets;
    private final float[] mask;
    private int sequences;
    private int targetCount;

    /** An empty batch of B = {@code batchSize} sequences of T = {@code sequenceLength} tokens. */
    public Batch(int batchSize, int sequenceLength) {
        this.batchSize = batchSize;
        this.sequenceLength = sequenceLength;
        int count = Math.multiplyExact(batchSize, sequenceLength);
        this.tokens = new int[count];
        this.targets = new int[count];
        this.mask = new float[count];
    }

    /** B. */
    public int batchSize() {
        return batchSize;
    }

    /** T. */
    public int sequenceLength() {
        return sequenceLength;
    }

    /** The source token ids, (B, T); 0 on padding. */
    public int[] tokens() {
        return tokens;
    }

    /** The ids to predict, (B, T); 0 on padding. */
    public int[] targets() {
        return targets;
    }

    /** 1 where a target counts and 0 on padding, (B, T). */
    public float[] mask() {
        return mask;
    }

    /** How many sequences are no padding. */
    public int sequences() {
        return sequences;
    }

    /** How many targets are no padding. */
    public int targetCount() {
        return targetCount;
    }

    /** Takes {@code count} sequences of {@code dataset}, those at {@code order[first]}, {@code order[first + 1]}, … */
    void fill(Dataset dataset, int[] order, int first, int count) {
        Arrays.fill(tokens, 0);
        Arrays.fill(targets, 0);
        Arrays.fill(mask, 0);
        sequences = count;
        targetCount = 0;
        for (int row = 0; row < count; row++) {
            int sequence = order[first + row];
            int length = dataset.length(sequence);
            int offset = row * sequenceLength;
            dataset.copy(sequence, tokens, targets, offset);
            Arrays.fill(mask, offset, offset + length, 1);
            targetCount += length;
        }
    }
}
