package dev.culebra.runtime.operation;

import dev.culebra.runtime.Tensor;

/** Base of gradient norms that are computed on the host. */
public abstract class HostGradientNorm extends OwningOperation implements GradientNorm {
    private final Arguments arguments;

    /** A norm of tensors that {@code arguments} check. */
    protected HostGradientNorm(Arguments arguments) {
        this.arguments = arguments;
    }

    @Override
    public final double norm(Tensor gradients) {
        return arguments.gradientNorm(gradients) ? 0 : compute(gradients);
    }

    @Override
    public final void clip(Tensor gradients, double clipNorm, Tensor scale) {
        if (!arguments.clip(gradients, scale)) {
            scale.set(Math.min(1, clipNorm / (compute(gradients) + CLIP_EPSILON)));
        }
    }

    /** The norm, of tensors that were checked. */
    protected abstract double compute(Tensor gradients);
}
