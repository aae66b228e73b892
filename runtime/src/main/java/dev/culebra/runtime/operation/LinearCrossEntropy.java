package dev.culebra.runtime.operation;

import dev.culebra.runtime.Tensor;

/**
 * A linear classifier without bias and its cross-entropy, without ever holding all logits:
 * <pre>
 *   logits[r] = hidden[r] tableᵀ
 *   nll[r]    = log Σ_v exp logits[r, v] - logits[r, targets[r]]
 *   loss      = Σ_r weights[r] nll[r]
 * </pre>
 * The weights carry the mask and the means: they are zero for padding.
 */
public interface LinearCrossEntropy extends Operation {
    /** What this operation computes. */
    LinearCrossEntropySpec spec();

    /**
     * Computes the loss of each row.
     *
     * @param hidden activations (rows, E)
     * @param table parameters (V, E)
     * @param targets I32 (rows), each in 0..V-1; the caller has checked that
     * @param weights parameters' type, (rows); a row with weight 0 counts for nothing: its nll is 0
     * @param nll overwritten, parameters' type, (rows)
     */
    void forward(Tensor hidden, Tensor table, Tensor targets, Tensor weights, Tensor nll);

    /**
     * Computes the loss of each row and the gradients of {@code loss}, in one go.
     *
     * @param hidden as in forward
     * @param table as in forward
     * @param targets as in forward
     * @param weights as in forward
     * @param nll overwritten, as in forward
     * @param dHidden overwritten with the gradient of hidden, activations (rows, E)
     * @param dTable overwritten with the gradient of the table, parameters (V, E), if the spec learns it; otherwise
     *     {@code table} is to be passed and is left alone
     */
    void forwardBackward(Tensor hidden, Tensor table, Tensor targets, Tensor weights, Tensor nll, Tensor dHidden,
            Tensor dTable);

    /**
     * The explicit form, for callers who want all of it: logits - log Σ exp logits.
     *
     * @param hidden as in forward
     * @param table as in forward
     * @param logProbabilities overwritten, parameters' type, (rows, V)
     */
    void logProbabilities(Tensor hidden, Tensor table, Tensor logProbabilities);
}
