package dev.culebra.runtime.operation;

import dev.culebra.runtime.Tensor;

/**
 * Dropout (Srivastava et al. 2014): each element is zeroed with probability p, the others are divided by 1 - p.
 *
 * <p>The mask is a pure function of seed, stream, step and element index ({@link DropoutMask}), the same on every
 * backend, so that nothing is stored and a resumed run repeats it.
 */
public interface Dropout extends Operation {
    /** What this operation computes. */
    DropoutSpec spec();

    /** Applies the mask of {@code step} to x in place: to activations going forward, to their gradient going back. */
    void apply(Tensor x, long step);
}
