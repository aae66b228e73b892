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
 * y = activation(x Wᵀ + b): products through cuBLASLt, whose epilogues do on the way out what they can. Each saves a pass over
 * (rows, outputSize):
 * <ul>
 * <li>the bias is added by the forward product;
 * <li>the tanh form of GELU is applied by it too, and z kept for backward, where rows are as long as the library wants them and
 * the device has that for the type;
 * <li>the gradient of the bias comes with that of the weight, which reads dz anyway, where the device has that.
 * </ul>
 *
 * <p>The rest is done by kernels of our own ({@code activation.cu}, {@code column_sums.cu}): the exact GELU, which the library
 * does not have, and two things that it has:
 * <ul>
 * <li>ReLU, since the library's makes NaN 0. Once weights are NaN, every z is, and its y would be 0 throughout: in the LSTM
 * model, where nothing but this layer leads from the recurrent layers to the loss, the loss of a diverged run would be log V
 * and look like that of one that learns nothing, instead of NaN, which stops it. The pass that ReLU takes is over the narrower
 * side of that model (E of H and V columns).
 * <li>the gradients of activations ({@code DRELU}, {@code DGELU}): they are epilogues of the product that makes dy. That is the
 * next layer's, another operation, which knows nothing of this one.
 * </ul>
 */
final class CudaLinear extends CudaOperation implements Linear {
    private final LinearSpec spec;
    private final MatmulPlan multiply;
    private final MatmulPlan inputGradient;
    private final MatmulPlan weightGradient;
    /** Where the product of the weight's gradient does not give that of the bias. */
    private final Optional<ColumnSums> biasGradient;
    /** Where the forward product does not apply the activation, if there is one. */
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
        MatmulSpec product = MatmulSpec.of(MatmulShape.of(rows, out, in), type, compute).transposeB();
        MatmulSpec ofWeight = MatmulSpec.of(MatmulShape.of(out, in, rows), type, compute).transposeA()
                .output(DataType.F32);
        try {
            multiply = own(activating(product).orElseGet(() -> backend.plan(product.with(Epilogue.BIAS))));
            inputGradient = own(backend.plan(MatmulSpec.of(MatmulShape.of(rows, in, out), type, compute)));
            weightGradient = own(backend.planIfOffered(ofWeight.with(Epilogue.SUM_OF_A))
                    .orElseGet(() -> backend.plan(ofWeight)));
            biasGradient = weightGradient.spec().epilogue() == Epilogue.SUM_OF_A
                    ? Optional.empty()
                    : Optional.of(own(new ColumnSums(backend, rows, out)));
            activate = keepsPreActivation() ? Optional.empty() : launch("activation_forward");
            activationGradient = launch("activation_backward");
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    /** A product that also applies the activation, if there is one that keeps z where our caller wants it: without gaps. */
    private Optional<MatmulPlan> activating(MatmulSpec product) {
        MatmulSpec keeping = product.with(Epilogue.GELU_KEEP_BIAS);
        boolean fits = spec.activation() == Activation.GELU_TANH
                && keeping.auxiliaryRowStride() == spec.outputSize();
        return fits ? backend.planIfOffered(keeping) : Optional.empty();
    }

    private boolean keepsPreActivation() {
        return multiply.spec().epilogue() == Epilogue.GELU_KEEP_BIAS;
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
        if (keepsPreActivation()) {
            run(multiply, MatmulOperands.of(region(x), backend.operand(weight), region(y))
                    .withVector(backend.operand(bias)).withAuxiliary(region(preActivation)));
            return;
        }
        DeviceSlice product = region(spec.needsPreActivation() ? preActivation : y);
        run(multiply, MatmulOperands.of(region(x), backend.operand(weight), product)
                .withVector(backend.operand(bias)));
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
        run(weightGradient, MatmulOperands.of(dz, region(x), region(dWeight)).withVector(region(dBias)));
        biasGradient.ifPresent(sums -> sums.sum(dz, region(dBias)));
        run(inputGradient, MatmulOperands.of(dz, backend.operand(weight), region(dx)));
    }

    private void run(MatmulPlan plan, MatmulOperands operands) {
        plan.execute(backend.stream(), operands, 1, 0, backend.workspace());
    }
}
