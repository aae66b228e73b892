package dev.culebra.runtime.cpu;

import java.lang.foreign.MemorySegment;

import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.HostGradientNorm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

/** The norm of all gradients: sums of fixed blocks, added up in order, so that threads never change the result. */
final class CpuGradientNorm extends HostGradientNorm {
    private static final int BLOCK = 65536;

    private final ParallelLoop loop;
    private double[] sums = {};

    CpuGradientNorm(CpuBackend backend) {
        super(backend.arguments());
        this.loop = backend.loop();
    }

    @Override
    protected double compute(Tensor gradients) {
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
