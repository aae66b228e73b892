package dev.culebra.runtime.operation;

import dev.culebra.runtime.Tensor;

/** Base of optimisers that compute on the host: checks the tensors and keeps the numbers of the next update. */
public abstract class HostOptimizer extends OwningOperation implements Optimizer {
    private final OptimizerSpec spec;
    private final int elements;
    private final Arguments arguments;
    private double learningRate;
    private long step;

    /** An optimiser for so many parameters. */
    protected HostOptimizer(OptimizerSpec spec, long elements, Arguments arguments) {
        this.spec = spec;
        this.elements = Math.toIntExact(elements);
        this.arguments = arguments;
    }

    @Override
    public final OptimizerSpec spec() {
        return spec;
    }

    /** How many parameters there are. */
    protected final int elements() {
        return elements;
    }

    /** η of the next update. */
    protected final double learningRate() {
        return learningRate;
    }

    /** t of the next update, from 1 on. */
    protected final long step() {
        return step;
    }

    @Override
    public final void prepare(double rate, long number) {
        learningRate = rate;
        step = number;
    }

    @Override
    public final void update(Tensor parameters, Tensor gradients, Tensor state, Tensor gradientScale) {
        if (!arguments.optimizer(spec, elements, parameters, gradients, state, gradientScale)) {
            compute(parameters, gradients, state, gradientScale.toDoubles()[0]);
        }
    }

    /** The update, of tensors that were checked; marks the parameters as modified. */
    protected abstract void compute(Tensor parameters, Tensor gradients, Tensor state, double gradientScale);
}
