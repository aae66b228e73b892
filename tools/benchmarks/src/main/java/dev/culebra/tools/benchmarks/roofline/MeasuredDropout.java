package dev.culebra.tools.benchmarks.roofline;

import java.util.List;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Dropout;
import dev.culebra.runtime.operation.DropoutSpec;

/** Dropout in place; forward and backward are the same call. */
final class MeasuredDropout extends MeasuredOperation {
    private final DropoutSpec spec;
    private final Dropout operation;
    private final Tensor x;
    private long step;

    MeasuredDropout(Backend backend, int elements) {
        super(backend);
        spec = new DropoutSpec(elements, 0.1, 42, 1);
        operation = own(backend.dropout(spec));
        x = activations(elements);
    }

    @Override
    List<Call> calls() {
        return List.of(new Call("dropout", "forward or backward", spec.elements() + " elements", work(spec, widths),
                () -> operation.apply(x, step++)));
    }

    /** A multiplication of each element, which is read and written. The random numbers are integers and not counted. */
    static Work work(DropoutSpec spec, Widths widths) {
        return new Work(spec.elements(), widths.activation() * 2.0 * spec.elements());
    }
}
