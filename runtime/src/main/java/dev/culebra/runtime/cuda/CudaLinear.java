package dev.culebra.runtime.cuda;

import java.util.Optional;

import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.cublaslt.MatmulOperands;
import dev.culebra.runtime.cublaslt.MatmulPlan;
import dev.culebra.runtime.cublaslt.MatmulShape;
import dev.culebra.runtime.cublaslt.MatmulSpec;
import dev.culebra.runtime.driver.DeviceRegion;
import dev.culebra.runtime.driver.Launch;
import dev.culebra.runtime.operation.Linear;
import dev.culebra.runtime.operation.LinearSpec;

/**
 * y = activation(x Wᵀ + b): products through cuBLASLt, whose epilogues do on the way out what they can where that is faster.
 * Each saves a pass over (rows, outputSize): the bias is added by the forward product; the tanh form of GELU may be applied by
 * it too, and z kept ({@link LinearForward}); the gradient of the bias may come with that of the weight
 * ({@link ParameterGradients}).
 *
 * <p>The rest is done by kernels of our own ({@code activation.cu}, {@code column_sums.cu}): the exact GELU, which the library
 * does not have, and two things that it has:
 * <ul>
 * <li>ReLU, since the library's makes NaN 0. Once weights are NaN, every z is, and its y would be 0 throughout: in the LSTM
 * model, where this layer alone leads from the recurrent layers to the loss, a diverged run would go on with the loss log V,
 * as if it learned nothing, where a loss of NaN stops it.
 * <li>the gradients of activations ({@code DRELU}, {@code DGELU}), since they are epilogues of the product that makes dy. That
 * is the next layer's, another operation, which knows nothing of this one.
 * </ul>
 */
final class CudaLinear extends CudaOperation implements Linear {
    private final LinearSpec spec;
    private final LinearForward forward;
    private final Optional<MatmulPlan> inputGradient;
    private final ParameterGradients parameterGradients;
    private final Optional<Launch> activationGradient;

    CudaLinear(CudaBackend backend, LinearSpec spec) {
        super(backend);
        this.spec = spec;
        try {
            forward = own(LinearForward.fastest(backend, spec));
            inputGradient = spec.inputGradient()
                    ? Optional.of(own(backend.plan(
                            MatmulSpec.of(MatmulShape.of(spec.rows(), spec.inputSize(), spec.outputSize()),
                                    backend.activationType(), backend.computeType()))))
                    : Optional.empty();
            parameterGradients = own(ParameterGradients.fastest(backend, spec));
            activationGradient = LinearForward.kernel(backend, spec, "activation_backward");
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
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
        forward.run(region(x), backend.operand(weight), backend.operand(bias),
                region(spec.needsPreActivation() ? preActivation : y), region(y));
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
        parameterGradients.run(dz, region(x), region(dWeight), region(dBias));
        inputGradient.ifPresent(
                plan -> backend.run(plan, MatmulOperands.of(dz, backend.operand(weight), region(dx))));
    }
}
