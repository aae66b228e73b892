package dev.culebra.runtime.reference;

import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.GradientNorm;

/** {@link GradientNorm} as its formula stands there. */
record ReferenceGradientNorm(Arguments arguments) implements GradientNorm {
    @Override
    public double norm(Tensor gradients) {
        return arguments.gradientNorm(gradients) ? 0 : normOf(gradients);
    }

    @Override
    public void clip(Tensor gradients, double clipNorm, Tensor scale) {
        if (!arguments.clip(gradients, scale)) {
            scale.set(GradientNorm.scale(normOf(gradients), clipNorm));
        }
    }

    private static double normOf(Tensor gradients) {
        double squares = 0;
        for (double gradient : gradients.toDoubles()) {
            squares += gradient * gradient;
        }
        return Math.sqrt(squares);
    }

    @Override
    public void close() {}
}
