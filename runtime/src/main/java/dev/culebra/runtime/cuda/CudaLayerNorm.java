package dev.culebra.runtime.cuda;

import java.util.Map;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.Dim3;
import dev.culebra.runtime.driver.Launch;
import dev.culebra.runtime.driver.Module;
import dev.culebra.runtime.operation.LayerNorm;
import dev.culebra.runtime.operation.LayerNormSpec;

import static dev.culebra.runtime.driver.ParameterType.FLOAT;
import static dev.culebra.runtime.driver.ParameterType.INT;
import static dev.culebra.runtime.driver.ParameterType.POINTER;

/** Layer normalisation with the residual sum before it: {@code layer_norm.cu}. */
final class CudaLayerNorm extends CudaOperation implements LayerNorm {
    private static final int WARPS = 4;
    /** Rows of a block of the backward pass: more, and fewer sums are left to add up; fewer, and more blocks work. */
    private static final int BACKWARD_ROWS = 16;

    private final LayerNormSpec spec;
    private final int backwardBlocks;
    private final DeviceMemory partial;
    private final Launch forward;
    private final Launch backward;
    private final Launch parameters;

    CudaLayerNorm(CudaBackend backend, LayerNormSpec spec) {
        super(backend);
        this.spec = spec;
        this.backwardBlocks = Math.ceilDiv(spec.rows(), BACKWARD_ROWS);
        int features = spec.features();
        try {
            partial = workspace(2L * backwardBlocks * features * Float.BYTES);
            Module module = backend.kernels().module("layer_norm",
                    Map.of("ACTIVATION", activation(), "FEATURES", features, "VECTOR", vector(features, DataType.F32),
                            "WARPS", WARPS, "RESIDUAL", spec.residual() ? 1 : 0, "BACKWARD_ROWS", BACKWARD_ROWS));
            Dim3 block = Dim3.of(32 * WARPS);
            forward = module.kernel("layer_norm_forward", INT, FLOAT, POINTER, POINTER, POINTER, POINTER, POINTER,
                    POINTER, POINTER).launch(Dim3.of(Math.ceilDiv(spec.rows(), WARPS)), block);
            backward = module.kernel("layer_norm_backward", INT, POINTER, POINTER, POINTER, POINTER, POINTER, POINTER)
                    .launch(Dim3.of(backwardBlocks), block, Math.multiplyExact(2 * WARPS * Float.BYTES, features));
            parameters = module.kernel("layer_norm_parameters", INT, POINTER, POINTER, POINTER)
                    .launch(allBlocks(2L * features), Dim3.of(THREADS));
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    @Override
    public LayerNormSpec spec() {
        return spec;
    }

    @Override
    public void forward(Tensor x, Tensor residual, Tensor weight, Tensor bias, Tensor sum, Tensor statistics,
            Tensor y) {
        if (arguments.layerNormForward(spec, x, residual, weight, bias, sum, statistics, y)) {
            return;
        }
        forward.set(0, spec.rows()).set(1, (float) spec.epsilon()).set(2, region(x)).set(3, region(residual))
                .set(4, region(weight)).set(5, region(bias)).set(6, region(sum)).set(7, region(statistics))
                .set(8, region(y)).launch(backend.stream());
    }

    @Override
    public void backward(Tensor sum, Tensor statistics, Tensor weight, Tensor dy, Tensor dSum, Tensor dWeight,
            Tensor dBias) {
        if (arguments.layerNormBackward(spec, sum, statistics, weight, dy, dSum, dWeight, dBias)) {
            return;
        }
        backward.set(0, spec.rows()).set(1, region(sum)).set(2, region(statistics)).set(3, region(weight))
                .set(4, region(dy)).set(5, region(dSum)).set(6, partial).launch(backend.stream());
        parameters.set(0, backwardBlocks).set(1, partial).set(2, region(dWeight)).set(3, region(dBias))
                .launch(backend.stream());
    }
}
