package dev.culebra.runtime.cpu;

import java.lang.foreign.MemorySegment;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.HostStorage;
import dev.culebra.runtime.operation.LstmSpec;
import dev.culebra.runtime.operation.OwningOperation;

/** Dropout after one LSTM layer: its mask counts elements in batch-major order, the layers lie in time-major order. */
final class LstmDropout extends OwningOperation {
    private final CpuDropout dropout;
    private final HostStorage batchMajor;
    private final Direction forward;
    private final Direction backward;

    LstmDropout(CpuBackend backend, LstmSpec spec, int layer) {
        try {
            dropout = own(new CpuDropout(backend, spec.dropoutAfter(layer)));
            batchMajor = own(backend.engine().allocate((long) spec.dropoutAfter(layer).elements() * Float.BYTES));
            forward = own(new Direction(backend, spec, backend.activationType()));
            backward = own(new Direction(backend, spec, DataType.F32));
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    private final class Direction extends OwningOperation {
        private final DataType type;
        private final Transposition there;
        private final Transposition back;

        Direction(CpuBackend backend, LstmSpec spec, DataType type) {
            this.type = type;
            try {
                there = own(Transposition.toBatchMajor(backend, spec, spec.hiddenSize(), type, type));
                back = own(Transposition.toTimeMajor(backend, spec, spec.hiddenSize(), type, type));
            } catch (Throwable failure) {
                closeAfter(failure);
                throw failure;
            }
        }

        void apply(long source, long target, long step) {
            MemorySegment values = batchMajor.segment();
            there.run(source, values.address());
            dropout.apply(type, values, step);
            back.run(values.address(), target);
        }
    }

    /** Activations at one address to another. */
    void forward(long source, long target, long step) {
        forward.apply(source, target, step);
    }

    /** A gradient, F32, in place. */
    void backward(long gradient, long step) {
        backward.apply(gradient, gradient, step);
    }
}
