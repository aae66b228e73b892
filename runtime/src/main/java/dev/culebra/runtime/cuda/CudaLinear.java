package dev.culebra.runtime.cuda;

import java.util.Map;
import java.util.Optional;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.cublaslt.ComputeType;
import dev.culebra.runtime.cublaslt.Epilogue;
import dev.culebra.runtime.cublaslt.MatmulOperands;
import dev.culebra.runtime.cublaslt.MatmulPlan;
import dev.culebra.runtime.cublaslt.MatmulShape;
import dev.culebra.runtime.cublaslt.MatmulSpec;
import dev.culebra.runtime.driver.DeviceRegion;
import dev.culebra.runtime.driver.DeviceSlice;
import dev.culebra.runtime.driver.Dim3;
import dev.culebra.runtime.driver.Launch;
import dev.culebra.runtime.driver.Module;
import dev.culebra.runtime.operation.Activation;
import dev.culebra.runtime.operation.Linear;
import dev.culebra.runtime.operation.LinearSpec;

import static dev.culebra.runtime.driver.ParameterType.LONG;
import static dev.culebra.runtime.driver.ParameterType.POINTER;

/**
 * y = activation(x Wᵀ + b): products and bias through cuBLASLt, activations and their gradients through kernels of our own
 * ({@code activation.cu}), since the library has GELU in its tanh form alone and makes NaN 0 in its ReLU.
 */
final class CudaLinear extends CudaOperation implements Linear {
    private final LinearSpec spec;
    private final MatmulPlan multiply;
    private final MatmulPlan inputGradient;
    private final MatmulPlan weightGradient;
    private final ColumnSums biasGradient;
    private final Optional<Launch> activate;
    private final Optional<Launch> activationGradient;

    CudaLinear(CudaBackend backend, LinearSpec spec) {
        super(backend);
        this.spec = spec;
        int rows = spec.rows();
        int in = spec.inputSize();
        int out = spec.outputSize();
        DataType type = backend.activationType();
        ComputeType compute = backend.computeType();
        try {
            multiply = own(backend.plan(
                    MatmulSpec.of(MatmulShape.of(rows, out, in), type, compute).transposeB().with(Epilogue.BIAS)));
            inputGradient = own(backend.plan(MatmulSpec.of(MatmulShape.of(rows, in, out), type, compute)));
            weightGradient = own(backend.plan(
                    MatmulSpec.of(MatmulShape.of(out, in, rows), type, compute).transposeA().output(DataType.F32)));
            biasGradient = own(new ColumnSums(backend, rows, out));
            activate = launch("activation_forward");
            activationGradient = launch("activation_backward");
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    private Optional<Launch> launch(String kernel) {
        if (spec.activation() == Activation.NONE) {
            return Optional.empty();
        }
        Module module = backend.kernels().module("activation",
                Map.of("ACTIVATION", activation(), "FUNCTION", spec.activation().name()));
        long elements = (long) spec.rows() * spec.outputSize();
        return Optional.of(module.kernel(kernel, LONG, POINTER, POINTER).launch(blocks(elements), Dim3.of(THREADS))
                .set(0, elements));
    }

    @Override
    public LinearSpec spec() {
        return spec;
    }

    @Override
    public void forward(Tensor x, Tensor weight, Tensor bias, Tensor preActivation, Tensor y) {
        if (arguments.linearForward(spec, x, weight, bias, preActivation, y)) {
            return;
        }
        DeviceSlice product = region(spec.needsPreActivation() ? preActivation : y);
        MatmulOperands operands = MatmulOperands.of(region(x), backend.operand(weight), product)
                .withVector(backend.operand(bias));
        run(multiply, operands);
        activate.ifPresent(launch -> launch.set(1, product).set(2, region(y)).launch(backend.stream()));
    }

    @Override
    public void backward(Tensor x, Tensor weight, Tensor preActivation, Tensor y, Tensor dy, Tensor dx, Tensor dWeight,
            Tensor dBias) {
        if (arguments.linearBackward(spec, x, weight, preActivation, y, dy, dx, dWeight, dBias)) {
            return;
        }
        DeviceRegion dz = region(dy);
        activationGradient.ifPresent(launch -> launch.set(1, region(spec.needsPreActivation() ? preActivation : y))
                .set(2, dz).launch(backend.stream()));
        run(weightGradient, MatmulOperands.of(dz, region(x), region(dWeight)));
        biasGradient.sum(dz, region(dBias));
        run(inputGradient, MatmulOperands.of(dz, backend.operand(weight), region(dx)));
    }

    private void run(MatmulPlan plan, MatmulOperands operands) {
        plan.execute(backend.stream(), operands, 1, 0, backend.workspace());
    }
}
