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

    /** In four sums, since one would wait for each addition before the next. */
    private static double sumOfSquares(MemorySegment g, long from, long to) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        long i = from;
        for (; i + 3 < to; i += 4) {
            sum0 += square(g, i);
            sum1 += square(g, i + 1);
            sum2 += square(g, i + 2);
            sum3 += square(g, i + 3);
        }
        for (; i < to; i++) {
            sum0 += square(g, i);
        }
        return sum0 + sum1 + (sum2 + sum3);
    }

    private static double square(MemorySegment g, long i) {
        double value = g.getAtIndex(JAVA_FLOAT, i);
        return value * value;
    }
}
