package dev.culebra.runtime.operation;

/**
 * The sizes of a causal multi-head self-attention.
 *
 * @param batch B, the number of sequences
 * @param sequenceLength T, the number of positions
 * @param heads m, the number of heads
 * @param headSize d, the width of each head
 */
public record AttentionSpec(int batch, int sequenceLength, int heads, int headSize) {
    /** Checks that all sizes are positive. */
    public AttentionSpec {
        Specs.requirePositive("batch", batch);
        Specs.requirePositive("sequenceLength", sequenceLength);
        Specs.requirePositive("heads", heads);
        Specs.requirePositive("headSize", headSize);
    }

    /** What scores are multiplied with: 1 / √d. */
    public double scale() {
        return 1 / Math.sqrt(headSize);
    }

    /** m · d. */
    public int width() {
        return Math.multiplyExact(heads, headSize);
    }
}
