package dev.culebra.nn;

import dev.culebra.runtime.Tensor;

/** A model's layers for N tokens at a time, which go on from what was read before. */
sealed interface Continuation permits LstmContinuation, GptContinuation {
    /**
     * Makes ready for the next pass.
     *
     * @param position how many tokens of the text were read before
     */
    void startAt(int position);

    /**
     * Computes hidden states, as part of a pass.
     *
     * @param tokens I32 (1, N)
     * @return activations (1, N, E), which belong to the caller
     */
    Tensor forward(Tensor tokens);

    /** The token table, which is the tied classifier's weight too, (V, E). */
    Tensor table();
}
