package dev.culebra.runtime.operation;

/**
 * The sizes of an attention that continues sequences whose keys and values it keeps.
 *
 * @param batch B, the number of sequences
 * @param newPositions N, the number of positions that one call adds to each sequence
 * @param capacity P, the number of positions that there is room for, at least N
 * @param heads m, the number of heads
 * @param headSize d, the width of each head
 */
public record CachedAttentionSpec(int batch, int newPositions, int capacity, int heads, int headSize) {
    /** Checks the sizes. */
    public CachedAttentionSpec {
        Specs.requirePositive("batch", batch);
        Specs.requirePositive("newPositions", newPositions);
        Specs.requirePositive("heads", heads);
        Specs.requirePositive("headSize", headSize);
        if (capacity < newPositions) {
            throw new IllegalArgumentException(
                    newPositions + " new positions need as much room, but there is room for " + capacity);
        }
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
