package dev.culebra.runtime.cpu;

import java.lang.foreign.MemorySegment;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.Dropout;
import dev.culebra.runtime.operation.DropoutMaskLanes;
import dev.culebra.runtime.operation.DropoutSpec;
import dev.culebra.runtime.operation.OwningOperation;

/** Dropout, in blocks on all cores. */
final class CpuDropout extends OwningOperation implements Dropout {
    private static final int BLOCK = 4096;
    private static final ThreadLocal<DropoutMaskLanes> LANES = ThreadLocal.withInitial(DropoutMaskLanes::new);

    private final DropoutSpec spec;
    private final Arguments arguments;
    private final ParallelLoop loop;

    CpuDropout(CpuBackend backend, DropoutSpec spec) {
        this.spec = spec;
        this.arguments = backend.arguments();
        this.loop = backend.loop();
    }

    @Override
    public DropoutSpec spec() {
        return spec;
    }

    @Override
    public void apply(Tensor x, long step) {
        if (arguments.dropout(spec, x)) {
            return;
        }
        apply(x.type(), x.segment(), step);
    }

    /** As apply, of elements of any type. */
    void apply(DataType type, MemorySegment values, long step) {
        loop.run(spec.elements(), BLOCK, (from, to) -> {
            int count = (int) (to - from);
            float[] factors = Scratch.floats(1, count);
            LANES.get().fill(spec, step, from, factors, count);
            Elements.multiply(type, values, from, factors, count);
        });
    }
}
