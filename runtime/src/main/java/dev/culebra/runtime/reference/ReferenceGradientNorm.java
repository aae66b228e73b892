package dev.culebra.runtime.reference;

import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.HostGradientNorm;

/** {@link dev.culebra.runtime.operation.GradientNorm} as its formula stands there. */
final class ReferenceGradientNorm extends HostGradientNorm {
    ReferenceGradientNorm(Arguments arguments) {
        super(arguments);
    }

    @Override
    protected double compute(Tensor gradients) {
        double squares = 0;
        for (double gradient : gradients.toDoubles()) {
            squares += gradient * gradient;
        }
        return Math.sqrt(squares);
    }
}
