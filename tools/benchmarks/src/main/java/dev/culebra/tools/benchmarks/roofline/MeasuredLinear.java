package dev.culebra.tools.benchmarks.roofline;

import java.util.List;
import java.util.Locale;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Linear;
import dev.culebra.runtime.operation.LinearSpec;

/** y = activation(x Wᵀ + b), r rows of i columns to o columns. */
final class MeasuredLinear extends MeasuredOperation {
    /** Where ReLU's slope and both GELUs' are exactly 1: the gradient, multiplied with it in place, stays as it is. */
    private static final double SLOPE_ONE = 16;

    private final LinearSpec spec;
    private final Linear operation;
    private final Tensor x;
    private final Tensor weight;
    private final Tensor bias;
    private final Tensor y;
    private final Tensor z;
    private final Tensor steep;
    private final Tensor dy;
    private final Tensor dx;
    private final Tensor dWeight;
    private final Tensor dBias;

    MeasuredLinear(Backend backend, LinearSpec spec) {
        super(backend);
        this.spec = spec;
        operation = own(backend.linear(spec));
        x = activations(spec.rows(), spec.inputSize());
        weight = parameters(spec.outputSize(), spec.inputSize());
        bias = parameters(spec.outputSize());
        y = activations(spec.rows(), spec.outputSize());
        z = spec.needsPreActivation() ? activations(spec.rows(), spec.outputSize()) : y;
        steep = constant(backend.activationType(), SLOPE_ONE, spec.rows(), spec.outputSize());
        dy = activations(spec.rows(), spec.outputSize());
        dx = activations(spec.rows(), spec.inputSize());
        dWeight = parameters(spec.outputSize(), spec.inputSize());
        dBias = parameters(spec.outputSize());
    }

    @Override
    List<Call> calls() {
        String sizes = spec.rows() + " x " + spec.inputSize() + " to " + spec.outputSize() + ", "
                + spec.activation().name().toLowerCase(Locale.ROOT)
                + (spec.inputGradient() ? "" : ", without dx");
        return List.of(
                new Call("linear", "forward", sizes, forward(spec, widths),
                        () -> operation.forward(x, weight, bias, z, y)),
                new Call("linear", "backward", sizes, backward(spec, widths),
                        () -> operation.backward(x, weight, steep, steep, dy, dx, dWeight, dBias)));
    }

    /** One product, 2 r i o, and the bias, r o; reads x, W and b, writes y, and z where the backward pass wants it. */
    static Work forward(LinearSpec spec, Widths widths) {
        double in = (double) spec.rows() * spec.inputSize();
        double out = (double) spec.rows() * spec.outputSize();
        double weights = (double) spec.outputSize() * (spec.inputSize() + 1);
        return new Work(2 * in * spec.outputSize() + out,
                widths.activation() * (in + weights + out * (spec.needsPreActivation() ? 2 : 1)));
    }

    /**
     * Two products, dx = dz W and dW = dzᵀ x, 2 r i o each, and the column sums, r o; reads x, W, dy and, where there is an
     * activation, z or y; writes dx, dW and db. Where dx is not wanted, neither its product nor its traffic.
     */
    static Work backward(LinearSpec spec, Widths widths) {
        double in = (double) spec.rows() * spec.inputSize();
        double out = (double) spec.rows() * spec.outputSize();
        double weights = (double) spec.outputSize() * spec.inputSize();
        double outputs = switch (spec.activation()) {
            case NONE -> out;
            case RELU, GELU, GELU_TANH -> 2 * out;
        };
        Work all = new Work(4 * in * spec.outputSize() + out, widths.activation() * (2 * in + weights + outputs)
                + widths.parameter() * (weights + spec.outputSize()));
        return spec.inputGradient() ? all : all.minus(inputGradient(spec, widths));
    }

    /** The part of the backward pass that a layer above frozen embeddings does without: dx = dz W, 2 r i o, which reads W. */
    private static Work inputGradient(LinearSpec spec, Widths widths) {
        double in = (double) spec.rows() * spec.inputSize();
        return new Work(2 * in * spec.outputSize(),
                widths.activation() * (in + (double) spec.outputSize() * spec.inputSize()));
    }
}
