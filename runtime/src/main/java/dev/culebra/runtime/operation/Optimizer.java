package dev.culebra.runtime.operation;

import dev.culebra.runtime.Tensor;

/** Updates all parameters of a model at once: they lie in one buffer, their gradients and the state in others. */
public interface Optimizer extends Operation {
    /** What this operation computes. */
    OptimizerSpec spec();

    /**
     * One update.
     *
     * @param parameters updated, parameters' type, (n); its storage is marked as modified
     * @param gradients parameters' type, (n)
     * @param state updated, parameters' type, (stateSlots, n): v of momentum, or m and v of Adam; zero at the start
     * @param learningRate η
     * @param step t, from 1 on
     * @param gradientScale the gradients are multiplied with it first: what {@link GradientNorm} says for clipping, or 1
     */
    void update(Tensor parameters, Tensor gradients, Tensor state, double learningRate, long step,
            double gradientScale);
}
