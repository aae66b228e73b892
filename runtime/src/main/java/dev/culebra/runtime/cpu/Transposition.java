package dev.culebra.runtime.cpu;

import dev.culebra.bindings.onednn.dnnl;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.onednn.Attributes;
import dev.culebra.runtime.onednn.MemoryDescriptor;
import dev.culebra.runtime.onednn.Primitive;
import dev.culebra.runtime.onednn.Primitives;
import dev.culebra.runtime.operation.LstmSpec;

/** Copies sequences from batch-major order (B, T, C), everybody's, to time-major order (T, B, C), or back. */
final class Transposition implements AutoCloseable {
    private final Primitive reorder;

    private Transposition(CpuBackend backend, MemoryDescriptor from, MemoryDescriptor to) {
        try (from; to; Attributes none = new Attributes()) {
            reorder = Primitives.reorder(backend.engine(), from, to, none);
        }
    }

    static Transposition toTimeMajor(CpuBackend backend, LstmSpec spec, int width, DataType from, DataType to) {
        return new Transposition(backend, batchMajor(spec, width, from), timeMajor(spec, width, to));
    }

    static Transposition toBatchMajor(CpuBackend backend, LstmSpec spec, int width, DataType from, DataType to) {
        return new Transposition(backend, timeMajor(spec, width, from), batchMajor(spec, width, to));
    }

    private static MemoryDescriptor timeMajor(LstmSpec spec, int width, DataType type) {
        return MemoryDescriptor.rowMajor(type, spec.sequenceLength(), spec.batch(), width);
    }

    /** The same sizes as in time-major order, with the strides of the other. */
    private static MemoryDescriptor batchMajor(LstmSpec spec, int width, DataType type) {
        return MemoryDescriptor.strided(type, new long[] {spec.sequenceLength(), spec.batch(), width},
                new long[] {width, (long) spec.sequenceLength() * width, 1});
    }

    /** From one address to another. */
    void run(long from, long to) {
        reorder.at(dnnl.DNNL_ARG_FROM, from).at(dnnl.DNNL_ARG_TO, to).execute();
    }

    @Override
    public void close() {
        reorder.close();
    }
}
