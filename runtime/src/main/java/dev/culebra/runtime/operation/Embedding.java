package dev.culebra.runtime.operation;

import dev.culebra.runtime.Tensor;

/** y[b, t] = tokenTable[tokens[b, t]] + positionTable[t]. */
public interface Embedding extends Operation {
    /** What this operation computes. */
    EmbeddingSpec spec();

    /**
     * Looks up.
     *
     * @param tokens I32 (B, T), each in 0..V-1; the caller has checked that
     * @param tokenTable parameters (V, E)
     * @param positionTable parameters (positions, E); {@code tokenTable} is to be passed where there is none
     * @param y overwritten, activations (B, T, E)
     */
    void forward(Tensor tokens, Tensor tokenTable, Tensor positionTable, Tensor y);

    /**
     * Computes the gradients of the tables. Row 0, the padding, gets none.
     *
     * @param tokens as in forward
     * @param dy the gradient of y
     * @param dTokenTable the look-ups' gradient is <em>added</em> to it, since the tied classifier has written its own
     * @param dPositionTable overwritten; {@code dTokenTable} is to be passed where there is no position table
     */
    void backward(Tensor tokens, Tensor dy, Tensor dTokenTable, Tensor dPositionTable);
}
