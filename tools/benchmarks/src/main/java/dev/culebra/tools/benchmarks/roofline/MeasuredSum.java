package dev.culebra.tools.benchmarks.roofline;

import java.util.List;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Elementwise;

/** x ← x + y. */
final class MeasuredSum extends MeasuredOperation {
    private final int elements;
    private final Elementwise operation;
    private final Tensor x;
    private final Tensor y;

    MeasuredSum(Backend backend, int elements) {
        super(backend);
        this.elements = elements;
        operation = own(backend.elementwise());
        x = activations(elements);
        y = constant(backend.activationType(), 0, elements);
    }

    @Override
    List<Call> calls() {
        return List.of(
                new Call("sum", "add", elements + " elements", work(elements, widths), () -> operation.add(x, y)));
    }

    /** An addition of each element; both are read, one is written. */
    static Work work(double elements, Widths widths) {
        return new Work(elements, widths.activation() * 3 * elements);
    }
}
