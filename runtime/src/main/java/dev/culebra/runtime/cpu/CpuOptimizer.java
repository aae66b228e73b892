package dev.culebra.runtime.cpu;

import java.lang.foreign.MemorySegment;

import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.Optimizer;
import dev.culebra.runtime.operation.OptimizerSpec;
import dev.culebra.runtime.operation.OwningOperation;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

/**
 * All parameters in one pass over parameters, gradients and state, on all cores. The factors that depend on the step
 * alone are computed in double precision.
 */
final class CpuOptimizer extends OwningOperation implements Optimizer {
    private static final long GRAIN = 16384;

    private final OptimizerSpec spec;
    private final long elements;
    private final Arguments arguments;
    private final ParallelLoop loop;

    CpuOptimizer(CpuBackend backend, OptimizerSpec spec, long elements) {
        this.spec = spec;
        this.elements = elements;
        this.arguments = backend.arguments();
        this.loop = backend.loop();
    }

    @Override
    public OptimizerSpec spec() {
        return spec;
    }

    @Override
    public void update(Tensor parameters, Tensor gradients, Tensor state, double learningRate, long step,
            double gradientScale) {
        if (arguments.optimizer(spec, elements, parameters, gradients, state)) {
            return;
        }
        MemorySegment p = parameters.segment(); // (n)
        MemorySegment g = gradients.segment(); // (n)
        MemorySegment s = state.segment(); // (stateSlots, n)
        float scale = (float) gradientScale;
        loop.run(elements, GRAIN, (from, to) -> {
            switch (spec) {
                case OptimizerSpec.Sgd sgd -> descend(p, g, from, to, scale, (float) learningRate,
                        (float) sgd.weightDecay());
                case OptimizerSpec.Momentum momentum -> descendWithMomentum(p, g, s, from, to, scale,
                        (float) learningRate, (float) momentum.momentum(), (float) momentum.weightDecay());
                case OptimizerSpec.Adam adam -> adapt(p, g, s, from, to, scale, (float) adam.weightDecay(), 1,
                        Adaptive.of(adam.beta1(), adam.beta2(), adam.epsilon(), learningRate, step));
                case OptimizerSpec.AdamW adamW -> adapt(p, g, s, from, to, scale, 0,
                        (float) (1 - learningRate * adamW.weightDecay()),
                        Adaptive.of(adamW.beta1(), adamW.beta2(), adamW.epsilon(), learningRate, step));
            }
        });
        parameters.storage().markModified();
    }

    private static void descend(MemorySegment p, MemorySegment g, long from, long to, float scale, float rate,
            float decay) {
        for (long i = from; i < to; i++) {
            float value = p.getAtIndex(JAVA_FLOAT, i);
            p.setAtIndex(JAVA_FLOAT, i, value - rate * (g.getAtIndex(JAVA_FLOAT, i) * scale + decay * value));
        }
    }

    private static void descendWithMomentum(MemorySegment p, MemorySegment g, MemorySegment s, long from, long to,
            float scale, float rate, float momentum, float decay) {
        for (long i = from; i < to; i++) {
            float value = p.getAtIndex(JAVA_FLOAT, i);
            float velocity = momentum * s.getAtIndex(JAVA_FLOAT, i)
                    + (g.getAtIndex(JAVA_FLOAT, i) * scale + decay * value);
            s.setAtIndex(JAVA_FLOAT, i, velocity);
            p.setAtIndex(JAVA_FLOAT, i, value - rate * velocity);
        }
    }

    /** The numbers of an Adam step that are the same for all parameters. */
    private record Adaptive(float beta1, float rest1, float beta2, float rest2, float epsilon, float rate,
            float inverseCorrection) {
        /** rate = η / (1-β₁ᵗ), inverseCorrection = 1 / √(1-β₂ᵗ). */
        static Adaptive of(double beta1, double beta2, double epsilon, double learningRate, long step) {
            return new Adaptive((float) beta1, (float) (1 - beta1), (float) beta2, (float) (1 - beta2),
                    (float) epsilon, (float) (learningRate / (1 - Math.pow(beta1, step))),
                    (float) (1 / Math.sqrt(1 - Math.pow(beta2, step))));
        }
    }

    private void adapt(MemorySegment p, MemorySegment g, MemorySegment s, long from, long to, float scale, float decay,
            float shrink, Adaptive factors) {
        float beta1 = factors.beta1;
        float rest1 = factors.rest1;
        float beta2 = factors.beta2;
        float rest2 = factors.rest2;
        float epsilon = factors.epsilon;
        float rate = factors.rate;
        float inverseCorrection = factors.inverseCorrection;
        for (long i = from; i < to; i++) {
            float value = p.getAtIndex(JAVA_FLOAT, i);
            float gradient = g.getAtIndex(JAVA_FLOAT, i) * scale + decay * value;
            float m = beta1 * s.getAtIndex(JAVA_FLOAT, i) + rest1 * gradient;
            float v = beta2 * s.getAtIndex(JAVA_FLOAT, elements + i) + rest2 * gradient * gradient;
            s.setAtIndex(JAVA_FLOAT, i, m);
            s.setAtIndex(JAVA_FLOAT, elements + i, v);
            p.setAtIndex(JAVA_FLOAT, i, value * shrink
                    - rate * m / ((float) Math.sqrt(v) * inverseCorrection + epsilon));
        }
    }
}
