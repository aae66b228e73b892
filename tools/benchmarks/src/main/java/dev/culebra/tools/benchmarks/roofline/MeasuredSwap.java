package dev.culebra.tools.benchmarks.roofline;

import java.util.List;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.AttentionSpec;
import dev.culebra.runtime.operation.Elementwise;

/** The splitting of heads, (B, T, m, d) to (B, m, T, d); merging them is the same call. */
final class MeasuredSwap extends MeasuredOperation {
    private final Elementwise operation;
    private final Tensor source;
    private final Tensor target;

    MeasuredSwap(Backend backend, AttentionSpec spec) {
        super(backend);
        operation = own(backend.elementwise());
        source = activations(spec.batch(), spec.sequenceLength(), spec.heads(), spec.headSize());
        target = allocated(backend.activationType(), spec.batch(), spec.heads(), spec.sequenceLength(),
                spec.headSize());
    }

    @Override
    List<Call> calls() {
        return List.of(
                new Call("swap of heads", "split or merge", source.shape().toString(), work(source.elements(), widths),
                        () -> operation.swapMiddleAxes(source, target)));
    }

    /** Each element is read and written. */
    static Work work(double elements, Widths widths) {
        return new Work(0, widths.activation() * 2 * elements);
    }
}
