package dev.culebra.runtime.cpu;

import java.util.Optional;

import dev.culebra.bindings.onednn.dnnl;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.HostStorage;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.onednn.Attributes;
import dev.culebra.runtime.onednn.Engine;
import dev.culebra.runtime.onednn.MemoryDescriptor;
import dev.culebra.runtime.onednn.Primitive;
import dev.culebra.runtime.onednn.Primitives;
import dev.culebra.runtime.operation.Activation;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.Linear;
import dev.culebra.runtime.operation.LinearSpec;
import dev.culebra.runtime.operation.OwningOperation;

/** y = activation(x Wᵀ + b) through oneDNN's matmul, its gradients through matmul and inner product. */
final class CpuLinear extends OwningOperation implements Linear {
    private final LinearSpec spec;
    private final Arguments arguments;
    private final Primitive multiply;
    private final PackedWeight forwardWeight;
    private final Optional<InputGradient> inputGradient;
    private final Primitive parameterGradient;
    private final Optional<Primitive> activate;
    private final Optional<Primitive> activationGradient;

    CpuLinear(CpuBackend backend, LinearSpec spec) {
        this.spec = spec;
        this.arguments = backend.arguments();
        Engine engine = backend.engine();
        DataType type = backend.activationType();
        int rows = spec.rows();
        int in = spec.inputSize();
        int out = spec.outputSize();
        try (MemoryDescriptor x = MemoryDescriptor.rowMajor(type, rows, in);
                MemoryDescriptor y = MemoryDescriptor.rowMajor(type, rows, out);
                MemoryDescriptor bias = MemoryDescriptor.rowMajor(DataType.F32, 1, out);
                MemoryDescriptor anyForward = MemoryDescriptor.any(type, in, out);
                MemoryDescriptor anyBackward = MemoryDescriptor.any(type, out, in);
                MemoryDescriptor anyWeight = MemoryDescriptor.any(type, out, in);
                MemoryDescriptor weight = MemoryDescriptor.rowMajor(DataType.F32, out, in);
                MemoryDescriptor transposed = MemoryDescriptor.strided(DataType.F32, new long[] {in, out},
                        new long[] {1, in});
                MemoryDescriptor biasGradient = MemoryDescriptor.rowMajor(DataType.F32, out);
                MemoryDescriptor oneNumber = MemoryDescriptor.rowMajor(DataType.F32, 1);
                Attributes epilogue = new Attributes();
                Attributes none = new Attributes()) {
            if (spec.activation() == Activation.RELU) {
                epilogue.parametricRelu();
            }
            multiply = own(Primitives.matmul(engine, x, anyForward, Optional.of(bias), y, epilogue));
            if (spec.activation() == Activation.RELU) {
                HostStorage noSlope = own(engine.allocate(Float.BYTES));
                multiply.argument(Attributes.slope(0), oneNumber).at(Attributes.slope(0), noSlope.segment().address());
            }
            forwardWeight = own(new PackedWeight(engine, transposed, multiply, dnnl.DNNL_ARG_WEIGHTS));
            inputGradient = spec.inputGradient()
                    ? Optional.of(inputGradient(engine,
                            own(Primitives.matmul(engine, y, anyBackward, Optional.empty(), x, none)), weight))
                    : Optional.empty();
            parameterGradient = own(Primitives.linearParameterGradient(engine, x, anyWeight, weight,
                    Optional.of(biasGradient), y));
            activate = spec.needsPreActivation()
                    ? Optional.of(own(Primitives.eltwise(engine, algorithm(spec.activation()), y)))
                    : Optional.empty();
            activationGradient = switch (spec.activation()) {
                case NONE -> Optional.empty();
                case GELU, GELU_TANH -> Optional.of(own(Primitives.eltwiseBackward(engine, activate.orElseThrow(),
                        algorithm(spec.activation()), y, dnnl.DNNL_ARG_SRC)));
                case RELU -> Optional.of(own(reluGradient(engine, y)));
            };
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    /** dx = dz W, and W as that product wants it. */
    private record InputGradient(Primitive product, PackedWeight weight) {}

    private InputGradient inputGradient(Engine engine, Primitive product, MemoryDescriptor weight) {
        return new InputGradient(product,
                own(new PackedWeight(engine, weight, product, dnnl.DNNL_ARG_WEIGHTS)));
    }

    private static int algorithm(Activation activation) {
        return switch (activation) {
            case NONE -> throw new IllegalArgumentException("the identity is no function to apply");
            case RELU -> dnnl.dnnl_eltwise_relu_use_dst_for_bwd;
            case GELU -> dnnl.dnnl_eltwise_gelu_erf;
            case GELU_TANH -> dnnl.dnnl_eltwise_gelu_tanh;
        };
    }

    /** From the result y instead of z: y > 0 where z > 0. */
    private static Primitive reluGradient(Engine engine, MemoryDescriptor y) {
        int algorithm = algorithm(Activation.RELU);
        try (Primitive hint = Primitives.eltwise(engine, algorithm, y)) {
            return Primitives.eltwiseBackward(engine, hint, algorithm, y, dnnl.DNNL_ARG_DST);
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
        Tensor product = spec.needsPreActivation() ? preActivation : y;
        multiply.at(dnnl.DNNL_ARG_SRC, x.address()).at(dnnl.DNNL_ARG_WEIGHTS, forwardWeight.address(weight))
                .at(dnnl.DNNL_ARG_BIAS, bias.address()).at(dnnl.DNNL_ARG_DST, product.address()).execute();
        activate.ifPresent(primitive -> primitive.at(dnnl.DNNL_ARG_SRC, product.address())
                .at(dnnl.DNNL_ARG_DST, y.address()).execute());
    }

    @Override
    public void backward(Tensor x, Tensor weight, Tensor preActivation, Tensor y, Tensor dy, Tensor dx, Tensor dWeight,
            Tensor dBias) {
        if (arguments.linearBackward(spec, x, weight, preActivation, y, dy, dx, dWeight, dBias)) {
            return;
        }
        if (activationGradient.isPresent()) {
            boolean fromResult = spec.activation() == Activation.RELU;
            activationGradient.get()
                    .at(fromResult ? dnnl.DNNL_ARG_DST : dnnl.DNNL_ARG_SRC, (fromResult ? y : preActivation).address())
                    .at(dnnl.DNNL_ARG_DIFF_DST, dy.address()).at(dnnl.DNNL_ARG_DIFF_SRC, dy.address()).execute();
        }
        parameterGradient.at(dnnl.DNNL_ARG_SRC, x.address()).at(dnnl.DNNL_ARG_DIFF_DST, dy.address())
                .at(dnnl.DNNL_ARG_DIFF_WEIGHTS, dWeight.address()).at(dnnl.DNNL_ARG_DIFF_BIAS, dBias.address())
                .execute();
        inputGradient.ifPresent(gradient -> gradient.product.at(dnnl.DNNL_ARG_SRC, dy.address())
                .at(dnnl.DNNL_ARG_WEIGHTS, gradient.weight.address(weight)).at(dnnl.DNNL_ARG_DST, dx.address())
                .execute());
    }
}
