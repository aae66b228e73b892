package dev.culebra.tools.benchmarks.roofline;

import java.util.List;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Optimizer;
import dev.culebra.runtime.operation.OptimizerSpec;

/** The update of n parameters with s values of state each. */
final class MeasuredOptimizer extends MeasuredOperation {
    private final int elements;
    private final Optimizer operation;
    private final Tensor parameters;
    private final Tensor gradients;
    private final Tensor state;
    private final Tensor gradientScale;

    MeasuredOptimizer(Backend backend, OptimizerSpec spec, int elements) {
        super(backend);
        this.elements = elements;
        operation = own(backend.optimizer(spec, elements));
        parameters = parameters(elements);
        gradients = parameters(elements);
        state = allocated(backend.parameterType(), spec.stateSlots(), elements);
        gradientScale = constant(backend.parameterType(), 1, 1);
        operation.prepare(1e-3, 1);
    }

    @Override
    List<Call> calls() {
        return List.of(new Call(label(operation.spec()), "update", elements + " parameters",
                work(operation.spec(), elements, widths),
                () -> operation.update(parameters, gradients, state, gradientScale)));
    }

    static String label(OptimizerSpec spec) {
        return switch (spec) {
            case OptimizerSpec.Sgd _ -> "sgd";
            case OptimizerSpec.Momentum _ -> "momentum";
            case OptimizerSpec.Adam _ -> "adam";
            case OptimizerSpec.AdamW _ -> "adamw";
        };
    }

    /**
     * Of each parameter: the gradient's factor, 1, the decay, 2, and the update, 2; with momentum 2 more; with Adam and AdamW m, 3, v,
     * 4, and what is made of them, 6. Reads p, g and the state; writes p and the state.
     */
    static Work work(OptimizerSpec spec, double elements, Widths widths) {
        int flop = switch (spec) {
            case OptimizerSpec.Sgd _ -> 5;
            case OptimizerSpec.Momentum _ -> 7;
            case OptimizerSpec.Adam _,OptimizerSpec.AdamW _ -> 16;
        };
        return new Work(flop * elements, widths.parameter() * elements * (3 + 2 * spec.stateSlots()));
    }
}
