package dev.culebra.runtime.reference;

import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.GradientNorm;

/** {@link GradientNorm} as its formula stands there. */
record ReferenceGradientNorm(Arguments arguments) implements GradientNorm {
    @Override
    public double norm(Tensor gradients) {
        if (arguments.gradientNorm(gradients)) {
            return 0;
        }
        double squares = 0;
        for (double gradient : gradients.toDoubles()) {
            squares += gradient * gradient;
        }
        return Math.sqrt(squares);
    }

    @Override
    public void close() {}
}
