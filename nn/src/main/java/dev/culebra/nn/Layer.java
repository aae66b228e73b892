package dev.culebra.nn;

import dev.culebra.runtime.Tensor;

/**
 * A part of a model that maps activations to activations and knows its shapes from construction.
 *
 * <p><b>Who frees what.</b> A result belongs to the caller, who gives it back to the {@link Network}'s memory. In a
 * training pass the input and the result of {@code forward} stay alive until {@code backward} of the same layer has
 * returned; in an inference pass {@code backward} never comes, and both may go as soon as the next layer has read
 * them. The result of {@code backward} lives until the layer before has read it. A layer frees only what it saved for
 * itself: at the end of {@code backward} in training, at the end of {@code forward} in inference.
 *
 * <p><b>Gradients.</b> {@code backward} <em>overwrites</em> the gradients of the layer's parameters, and leaves the
 * gradient it is given as it was unless the layer's own documentation says otherwise.
 *
 * <p>One call of {@code forward}, then at most one of {@code backward}, in each pass. One thread at a time.
 */
public interface Layer {
    /** The layer's value at {@code input}, in a tensor that belongs to the caller. */
    Tensor forward(Tensor input);

    /** The gradient of the input from the gradient of the result, in a tensor that belongs to the caller. */
    Tensor backward(Tensor gradient);
}
