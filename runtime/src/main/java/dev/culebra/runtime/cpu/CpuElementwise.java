package dev.culebra.runtime.cpu;

import java.lang.foreign.MemorySegment;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.Elementwise;
import dev.culebra.runtime.operation.OwningOperation;

/** Sums as plain loops on all cores; head splitting and change of type, which no training step does, on one. */
final class CpuElementwise extends OwningOperation implements Elementwise {
    private static final long GRAIN = 16384;

    private final Arguments arguments;
    private final ParallelLoop loop;

    CpuElementwise(CpuBackend backend) {
        this.arguments = backend.arguments();
        this.loop = backend.loop();
    }

    @Override
    public void add(Tensor target, Tensor source) {
        if (arguments.add(target, source)) {
            return;
        }
        DataType type = target.type();
        MemorySegment sum = target.segment();
        MemorySegment summand = source.segment();
        loop.run(target.elements(), GRAIN, (from, to) -> {
            for (long i = from; i < to; i++) {
                Elements.set(sum, type, i, Elements.get(sum, type, i) + Elements.get(summand, type, i));
            }
        });
    }

    @Override
    public void swapMiddleAxes(Tensor source, Tensor target) {
        if (arguments.swapMiddleAxes(source, target)) {
            return;
        }
        int rows = source.shape().size(1);
        int columns = source.shape().size(2);
        long run = (long) source.shape().size(3) * source.type().bytes();
        MemorySegment from = source.segment();
        MemorySegment to = target.segment();
        for (int outer = 0; outer < source.shape().size(0); outer++) {
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    MemorySegment.copy(from, (((long) outer * rows + r) * columns + c) * run, to,
                            (((long) outer * columns + c) * rows + r) * run, run);
                }
            }
        }
    }

    @Override
    public void convert(Tensor source, Tensor target) {
        if (arguments.convert(source, target)) {
            return;
        }
        if (source.type() == target.type()) {
            MemorySegment.copy(source.segment(), 0, target.segment(), 0, source.bytes());
        } else {
            target.set(source.toDoubles());
        }
    }
}
