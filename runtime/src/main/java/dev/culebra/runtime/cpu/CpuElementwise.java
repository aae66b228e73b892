package dev.culebra.runtime.cpu;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

import dev.culebra.bindings.onednn.dnnl;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.onednn.Attributes;
import dev.culebra.runtime.onednn.Engine;
import dev.culebra.runtime.onednn.MemoryDescriptor;
import dev.culebra.runtime.onednn.Primitive;
import dev.culebra.runtime.onednn.Primitives;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.Elementwise;
import dev.culebra.runtime.operation.OwningOperation;

/** Sums and changes of type through oneDNN; head splitting, which no training step does, on one core. */
final class CpuElementwise extends OwningOperation implements Elementwise {
    private final Arguments arguments;
    private final Engine engine;
    private final Map<Operands, Primitive> sums = new HashMap<>();
    private final Map<Operands, Primitive> conversions = new HashMap<>();

    CpuElementwise(CpuBackend backend) {
        this.arguments = backend.arguments();
        this.engine = backend.engine();
    }

    /** What a primitive is made for. */
    private record Operands(DataType source, DataType target, long elements) {
        static Operands of(Tensor source, Tensor target) {
            return new Operands(source.type(), target.type(), source.elements());
        }
    }

    @Override
    public void add(Tensor target, Tensor source) {
        if (arguments.add(target, source)) {
            return;
        }
        sums.computeIfAbsent(Operands.of(source, target), this::sum).at(dnnl.DNNL_ARG_SRC_0, target.address())
                .at(dnnl.DNNL_ARG_SRC_1, source.address()).at(dnnl.DNNL_ARG_DST, target.address()).execute();
    }

    private Primitive sum(Operands operands) {
        try (MemoryDescriptor numbers = MemoryDescriptor.rowMajor(operands.target, operands.elements)) {
            return own(Primitives.add(engine, numbers));
        }
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
        } else if (source.type() == DataType.F64 || target.type() == DataType.F64) {
            target.set(source.toDoubles());
        } else {
            conversions.computeIfAbsent(Operands.of(source, target), this::conversion)
                    .at(dnnl.DNNL_ARG_FROM, source.address()).at(dnnl.DNNL_ARG_TO, target.address()).execute();
        }
    }

    private Primitive conversion(Operands operands) {
        try (MemoryDescriptor from = MemoryDescriptor.rowMajor(operands.source, operands.elements);
                MemoryDescriptor to = MemoryDescriptor.rowMajor(operands.target, operands.elements);
                Attributes none = new Attributes()) {
            return own(Primitives.reorder(engine, from, to, none));
        }
    }
}
