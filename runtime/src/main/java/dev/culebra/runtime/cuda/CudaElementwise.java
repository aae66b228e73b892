package dev.culebra.runtime.cuda;

import java.util.Map;

import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.driver.Dim3;
import dev.culebra.runtime.driver.Kernel;
import dev.culebra.runtime.driver.Module;
import dev.culebra.runtime.operation.Elementwise;

import static dev.culebra.runtime.driver.ParameterType.INT;
import static dev.culebra.runtime.driver.ParameterType.LONG;
import static dev.culebra.runtime.driver.ParameterType.POINTER;

/** Sums, head splitting, conversion: {@code elementwise.cu}. */
final class CudaElementwise extends CudaOperation implements Elementwise {
    private final Kernel add;
    private final Kernel swapMiddleAxes;

    CudaElementwise(CudaBackend backend) {
        super(backend);
        Module module = backend.kernels().module("elementwise", Map.of("FROM", activation(), "TO", activation()));
        add = module.kernel("add", LONG, POINTER, POINTER);
        swapMiddleAxes = module.kernel("swap_middle_axes", LONG, INT, INT, INT, POINTER, POINTER);
    }

    @Override
    public void add(Tensor target, Tensor source) {
        if (arguments.add(target, source)) {
            return;
        }
        add.launch(blocks(target.elements()), Dim3.of(THREADS)).set(0, target.elements()).set(1, region(source))
                .set(2, region(target)).launch(backend.stream());
    }

    @Override
    public void swapMiddleAxes(Tensor source, Tensor target) {
        if (arguments.swapMiddleAxes(source, target)) {
            return;
        }
        int[] sizes = source.shape().toArray();
        swapMiddleAxes.launch(blocks(source.elements()), Dim3.of(THREADS)).set(0, source.elements()).set(1, sizes[1])
                .set(2, sizes[2]).set(3, sizes[3]).set(4, region(source)).set(5, region(target))
                .launch(backend.stream());
    }

    @Override
    public void convert(Tensor source, Tensor target) {
        if (arguments.convert(source, target)) {
            return;
        }
        backend.convert(source.type(), region(source), target.type(), region(target), source.elements());
    }
}
