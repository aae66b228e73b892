package dev.culebra.runtime.operation;

import dev.culebra.runtime.Tensor;

/** Updates all parameters of a model at once: they lie in one buffer, their gradients and the state in others. */
public interface Optimizer extends Operation {
    /** What this operation computes. */
    OptimizerSpec spec();

    /**
     * Gives the numbers of the next update. They are kept where the update reads them, so that one that was
     * {@linkplain dev.culebra.runtime.Backend#repeat recorded} finds those of each step.
     *
     * @param learningRate η
     * @param step t, from 1 on
     */
    void prepare(double learningRate, long step);

    /**
     * One update, with the numbers that were last {@linkplain #prepare given}.
     *
     * @param parameters updated, parameters' type, (n); its storage is marked as modified
     * @param gradients parameters' type, (n)
     * @param state updated, parameters' type, (stateSlots, n): v of momentum, or m and v of Adam; zero at the start
     * @param gradientScale parameters' type, (1): the gradients are multiplied with it first. It is what
     *     {@link GradientNorm#clip} computes, or 1
     */
    void update(Tensor parameters, Tensor gradients, Tensor state, Tensor gradientScale);
}
