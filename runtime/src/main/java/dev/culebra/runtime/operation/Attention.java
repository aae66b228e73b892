package dev.culebra.runtime.operation;

import dev.culebra.runtime.Tensor;

/**
 * Causal scaled dot-product attention (Vaswani et al. 2017): for each sequence and head,
 * O = P V with P = softmax(Q Kᵀ / √d), row t of the softmax taken over the positions τ ≤ t alone.
 *
 * <p>Queries, keys and values come packed, activations (B, T, 3, m, d): what one linear layer of 3·m·d outputs makes.
 */
public interface Attention extends Operation {
    /** What this operation computes. */
    AttentionSpec spec();

    /**
     * Computes O without storing P for the whole batch.
     *
     * @param queriesKeysValues activations (B, T, 3, m, d)
     * @param logSumExp overwritten with the logarithm of each softmax's denominator, parameters' type, (B, m, T);
     *     a backend that does not need it for its backward pass may leave it alone
     * @param output overwritten, activations (B, T, m, d)
     */
    void forward(Tensor queriesKeysValues, Tensor logSumExp, Tensor output);

    /**
     * Computes the gradient of queries, keys and values.
     *
     * @param queriesKeysValues as in forward
     * @param logSumExp as left by forward
     * @param output as left by forward
     * @param dOutput the gradient of the output
     * @param dQueriesKeysValues overwritten, activations (B, T, 3, m, d)
     */
    void backward(Tensor queriesKeysValues, Tensor logSumExp, Tensor output, Tensor dOutput,
            Tensor dQueriesKeysValues);

    /**
     * The explicit form, for looking at: all attention weights.
     *
     * @param queriesKeysValues as in forward
     * @param weights overwritten with P, activations (B, m, T, T); zero where τ &gt; t
     */
    void weights(Tensor queriesKeysValues, Tensor weights);
}
