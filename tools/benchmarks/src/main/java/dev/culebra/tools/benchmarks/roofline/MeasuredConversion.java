package dev.culebra.tools.benchmarks.roofline;

import java.util.List;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Elementwise;

/** Copies between F32 and BF16: parameters for the matrix products in bf16, and what these give back. */
final class MeasuredConversion extends MeasuredOperation {
    private final Elementwise operation;
    private final Tensor wide;
    private final Tensor narrow;

    MeasuredConversion(Backend backend, int elements) {
        super(backend);
        operation = own(backend.elementwise());
        wide = constant(DataType.F32, 0.5, elements);
        narrow = constant(DataType.BF16, 0.5, elements);
    }

    @Override
    List<Call> calls() {
        return List.of(call("f32 to bf16", wide, narrow), call("bf16 to f32", narrow, wide));
    }

    private Call call(String pass, Tensor source, Tensor target) {
        return new Call("conversion", pass, source.elements() + " parameters",
                work(source.elements(), source.type().bytes(), target.type().bytes()),
                () -> operation.convert(source, target));
    }

    /** Each element is read in one width and written in another. */
    static Work work(double elements, int from, int to) {
        return new Work(0, elements * (from + to));
    }
}
