package dev.culebra.runtime.operation;

import dev.culebra.runtime.Tensor;

/**
 * Causal attention of the next positions of sequences whose earlier keys and values are kept ("KV cache"): what
 * {@link Attention#forward} computes for these positions, without computing the earlier ones again. There is no backward pass.
 */
public interface CachedAttention extends Operation {
    /** What this operation computes. */
    CachedAttentionSpec spec();

    /**
     * Computes the output at positions p..p+N-1, where each sees itself and all before it, and keeps their keys and values.
     *
     * @param queriesKeysValues those of the new positions, activations (B, N, 3, m, d)
     * @param position I32 (1): p, how many positions are kept of each sequence; at most P - N, which the caller has checked
     * @param keysValues activations (B, P, 2, m, d): read in 0..p-1, where earlier calls have left them, and overwritten in
     *     p..p+N-1. What lies behind must be finite numbers, such as zeros
     * @param output overwritten, activations (B, N, m, d)
     */
    void forward(Tensor queriesKeysValues, Tensor position, Tensor keysValues, Tensor output);
}
