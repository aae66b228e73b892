package dev.culebra.runtime.cpu;

import java.lang.foreign.MemorySegment;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.AdamFactors;
import dev.culebra.runtime.operation.HostOptimizer;
import dev.culebra.runtime.operation.OptimizerSpec;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

/**
 * All parameters in one pass over parameters, gradients and state, on all cores.
 */
final class CpuOptimizer extends HostOptimizer {
    /** So many numbers at a time stay in a core's cache, four arrays of them. */
    private static final long GRAIN = 16384;

    private final ParallelLoop loop;

    CpuOptimizer(CpuBackend backend, OptimizerSpec spec, long elements) {
        super(spec, elements, backend.arguments());
        this.loop = backend.loop();
    }

    @Override
    protected void compute(Tensor parameters, Tensor gradients, Tensor state, double gradientScale) {
        MemorySegment p = parameters.segment(); // (n)
        MemorySegment g = gradients.segment(); // (n)
        MemorySegment s = state.segment(); // (stateSlots, n)
        float scale = (float) gradientScale;
        float rate = (float) learningRate();
        loop.run(elements(), GRAIN, switch (spec()) {
            case OptimizerSpec.Sgd sgd -> {
                float decay = (float) sgd.weightDecay();
                yield (from, to) -> descend(p, g, from, to, scale, rate, decay);
            }
            case OptimizerSpec.Momentum momentum -> {
                float decay = (float) momentum.weightDecay();
                float kept = (float) momentum.momentum();
                yield (from, to) -> descendWithMomentum(p, g, s, from, to, scale, rate, kept, decay);
            }
            case OptimizerSpec.Adam adam -> adapting(p, g, s, scale, AdamFactors.of(adam, learningRate(), step()));
            case OptimizerSpec.AdamW adamW -> adapting(p, g, s, scale, AdamFactors.of(adamW, learningRate(), step()));
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

    private ParallelLoop.Piece adapting(MemorySegment p, MemorySegment g, MemorySegment s, float scale,
            AdamFactors factors) {
        return (from, to) -> adapt(p, g, s, from, to, scale, factors);
    }

    private void adapt(MemorySegment p, MemorySegment g, MemorySegment s, long from, long to, float scale,
            AdamFactors factors) {
        int count = (int) (to - from);
        float[] values = Scratch.floats(0, count);
        float[] gradients = Scratch.floats(1, count);
        float[] means = Scratch.floats(2, count);
        float[] squares = Scratch.floats(3, count);
        Elements.read(DataType.F32, p, from, values, count);
        Elements.read(DataType.F32, g, from, gradients, count);
        Elements.read(DataType.F32, s, from, means, count);
        Elements.read(DataType.F32, s, elements() + from, squares, count);
        adapt(values, gradients, means, squares, count, scale, factors);
        Elements.write(DataType.F32, values, count, p, from);
        Elements.write(DataType.F32, means, count, s, from);
        Elements.write(DataType.F32, squares, count, s, elements() + from);
    }

    private static void adapt(float[] p, float[] g, float[] m, float[] v, int count, float scale, AdamFactors factors) {
        float decay = factors.decay();
        float shrink = factors.shrink();
        float beta1 = factors.beta1();
        float rest1 = factors.rest1();
        float beta2 = factors.beta2();
        float rest2 = factors.rest2();
        float epsilon = factors.epsilon();
        float rate = factors.rate();
        float inverseCorrection = factors.inverseCorrection();
        for (int i = 0; i < count; i++) {
            float value = p[i];
            float gradient = g[i] * scale + decay * value;
            float mean = beta1 * m[i] + rest1 * gradient;
            float square = beta2 * v[i] + rest2 * gradient * gradient;
            m[i] = mean;
            v[i] = square;
            p[i] = value * shrink - rate * mean / ((float) Math.sqrt(square) * inverseCorrection + epsilon);
        }
    }
}
