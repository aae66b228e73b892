package dev.culebra.runtime.operation;

import dev.culebra.runtime.Tensor;

/** The Euclidean norm of all gradients of a model. */
public interface GradientNorm extends Operation {
    /** What torch.nn.utils.clip_grad_norm_ adds to the norm. */
    double CLIP_EPSILON = 1e-6;

    /** √(Σ g²), summed in double precision. Waits for the device. */
    double norm(Tensor gradients);

    /**
     * scale = min(1, c / (√(Σ g²) + 1e-6)), as torch.nn.utils.clip_grad_norm_ has it; NaN where the sum is.
     *
     * @param gradients parameters' type, any shape
     * @param clipNorm c
     * @param scale overwritten, parameters' type, (1)
     */
    void clip(Tensor gradients, double clipNorm, Tensor scale);
}
