package dev.culebra.runtime.cpu;

import java.lang.foreign.MemorySegment;

import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.GradientNorm;
import dev.culebra.runtime.operation.OwningOperation;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

/** The norm of all gradients: sums of fixed blocks, added up in order, so that threads never change the result. */
final class CpuGradientNorm extends OwningOperation implements GradientNorm {
    private static final int BLOCK = 65536;

    private final Arguments arguments;
    private final ParallelLoop loop;
    private double[] sums = {};

    CpuGradientNorm(CpuBackend backend) {
        this.arguments = backend.arguments();
        this.loop = backend.loop();
    }

    @Override
    public double norm(Tensor gradients) {
        return arguments.gradientNorm(gradients) ? 0 : normOf(gradients);
    }

    @Override
    public void clip(Tensor gradients, double clipNorm, Tensor scale) {
        if (!arguments.clip(gradients, scale)) {
            scale.set(GradientNorm.scale(normOf(gradients), clipNorm));
        }
    }

    private double normOf(Tensor gradients) {
        MemorySegment g = gradients.segment();
        int blocks = Math.toIntExact(Math.ceilDiv(gradients.elements(), BLOCK));
        if (sums.length != blocks) {
            sums = new double[blocks];
        }
        loop.run(gradients.elements(), BLOCK,
                (from, to) -> sums[Math.toIntExact(from / BLOCK)] = sumOfSquares(g, from, to));
        double total = 0;
        for (double sum : sums) {
            total += sum;
        }
        return Math.sqrt(total);
    }

    private static double sumOfSquares(MemorySegment g, long from, long to) {
        double sum = 0;
        for (long i = from; i < to; i++) {
            double value = g.getAtIndex(JAVA_FLOAT, i);
            sum += value * value;
        }
        return sum;
    }
}
