package dev.culebra.tools.benchmarks.roofline;

import java.util.List;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.GradientNorm;

/** The norm of all gradients, and the factor to which it clips them. */
final class MeasuredGradientNorm extends MeasuredOperation {
    private final int elements;
    private final GradientNorm operation;
    private final Tensor gradients;
    private final Tensor scale;

    MeasuredGradientNorm(Backend backend, int elements) {
        super(backend);
        this.elements = elements;
        operation = own(backend.gradientNorm());
        gradients = parameters(elements);
        scale = parameters(1);
    }

    @Override
    List<Call> calls() {
        return List.of(new Call("gradient norm", "clip", elements + " parameters", work(elements, widths),
                () -> operation.clip(gradients, 1, scale)));
    }

    /** A square and a sum of each element, which is read. */
    static Work work(double elements, Widths widths) {
        return new Work(2 * elements, widths.parameter() * elements);
    }
}
