package dev.culebra.runtime.cuda;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.cublaslt.ComputeType;
import dev.culebra.runtime.cublaslt.Epilogue;
import dev.culebra.runtime.cublaslt.MatmulOperands;
import dev.culebra.runtime.cublaslt.MatmulPlan;
import dev.culebra.runtime.cublaslt.MatmulShape;
import dev.culebra.runtime.cublaslt.MatmulSpec;
import dev.culebra.runtime.driver.DeviceRegion;
import dev.culebra.runtime.driver.Dim3;
import dev.culebra.runtime.driver.Launch;
import dev.culebra.runtime.driver.Module;
import dev.culebra.runtime.operation.Activation;
import dev.culebra.runtime.operation.LinearSpec;
import dev.culebra.runtime.trial.Contender;
import dev.culebra.runtime.trial.Scratch;

import static dev.culebra.runtime.driver.ParameterType.LONG;
import static dev.culebra.runtime.driver.ParameterType.POINTER;

/**
 * z = x Wᵀ + b and y = activation(z): a product that adds the bias on the way out, and a kernel ({@code activation.cu}); or,
 * for the tanh form of GELU, the product alone, which keeps z as well. That form the library computes in TF32 and bf16; to the
 * letter of single precision it does not, since how exact its tanh is, it does not say.
 */
final class LinearForward extends CudaOperation implements FusedOrApart {
    private final LinearSpec spec;
    private final MatmulPlan product;
    /** Where the product does not apply the activation, if there is one. */
    private final Optional<Launch> activate;

    /** Takes the plan over. */
    private LinearForward(CudaBackend backend, LinearSpec spec, MatmulPlan product) {
        super(backend);
        this.spec = spec;
        this.product = own(product);
        try {
            activate = keepsPreActivation() ? Optional.empty() : kernel(backend, spec, "activation_forward");
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    /** The faster way. */
    static LinearForward fastest(CudaBackend backend, LinearSpec spec) {
        MatmulSpec keeping = product(backend, spec).with(Epilogue.GELU_KEEP_BIAS);
        // The library pads rows of z to a multiple of 8; our caller wants them without gaps.
        boolean fits = spec.activation() == Activation.GELU_TANH
                && backend.computeType() != ComputeType.STRICT_F32
                && keeping.auxiliaryRowStride() == spec.outputSize();
        Optional<LinearForward> fused = fits
                ? backend.planIfOffered(keeping).map(plan -> new LinearForward(backend, spec, plan))
                : Optional.empty();
        return FusedOrApart.fastest(backend, fused, () -> new LinearForward(backend, spec,
                backend.plan(product(backend, spec).with(Epilogue.BIAS))));
    }

    private static MatmulSpec product(CudaBackend backend, LinearSpec spec) {
        return MatmulSpec.of(MatmulShape.of(spec.rows(), spec.outputSize(), spec.inputSize()),
                backend.activationType(), backend.computeType()).transposeB();
    }

    /** A kernel of the activation over all elements of y; nothing without one. */
    static Optional<Launch> kernel(CudaBackend backend, LinearSpec spec, String name) {
        if (spec.activation() == Activation.NONE) {
            return Optional.empty();
        }
        Module module = backend.kernels().module("activation", Map.of("ACTIVATION",
                typeName(backend.activationType()), "FUNCTION", spec.activation().name()));
        long elements = (long) spec.rows() * spec.outputSize();
        return Optional.of(module.kernel(name, LONG, POINTER, POINTER).launch(blocks(elements), Dim3.of(THREADS))
                .set(0, elements));
    }

    private boolean keepsPreActivation() {
        return product.spec().epilogue() == Epilogue.GELU_KEEP_BIAS;
    }

    @Override
    public MatmulPlan product() {
        return product;
    }

    /**
     * Queues the pass.
     *
     * @param z overwritten, the memory of y where the activation does not need it
     * @param y overwritten
     */
    void run(DeviceRegion x, DeviceRegion weight, DeviceRegion bias, DeviceRegion z, DeviceRegion y) {
        if (keepsPreActivation()) {
            backend.run(product, MatmulOperands.of(x, weight, y).withVector(bias).withAuxiliary(z));
        } else {
            backend.run(product, MatmulOperands.of(x, weight, z).withVector(bias));
            activate.ifPresent(launch -> launch.set(1, z).set(2, y).launch(backend.stream()));
        }
    }

    @Override
    public Contender in(Scratch scratch) {
        DataType type = backend.activationType();
        long elements = (long) spec.rows() * spec.outputSize();
        List<DeviceRegion> read = List.of(scratch.read(type, (long) spec.rows() * spec.inputSize()),
                scratch.read(type, (long) spec.outputSize() * spec.inputSize()),
                scratch.read(type, spec.outputSize()));
        DeviceRegion z = scratch.written(type, elements);
        DeviceRegion y = scratch.written(type, elements);
        return scratch.contender(() -> run(read.get(0), read.get(1), read.get(2), z, y));
    }
}
