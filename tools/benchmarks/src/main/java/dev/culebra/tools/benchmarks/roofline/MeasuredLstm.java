package dev.culebra.tools.benchmarks.roofline;

import java.util.List;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Lstm;
import dev.culebra.runtime.operation.LstmSpec;

/**
 * LSTM layers over B sequences of T steps. Its steps depend on each other, so what binds it is mostly neither of the two
 * ceilings, but the time of a step: the seconds over T · L. The backward pass uses up what the forward pass has kept (cuDNN
 * writes to it, and so does the cpu), so the two are measured together.
 */
final class MeasuredLstm extends MeasuredOperation {
    private final LstmSpec spec;
    private final Lstm operation;
    private final Tensor x;
    private final Tensor initialHidden;
    private final Tensor initialCell;
    private final Tensor parameters;
    private final Tensor y;
    private final Tensor finalHidden;
    private final Tensor finalCell;
    private final Tensor reserve;
    private final Tensor inferenceReserve;
    private final Tensor dy;
    private final Tensor dx;
    private final Tensor dParameters;

    MeasuredLstm(Backend backend, LstmSpec spec) {
        super(backend);
        this.spec = spec;
        operation = own(backend.lstm(spec));
        x = activations(spec.batch(), spec.sequenceLength(), spec.inputSize());
        initialHidden = constant(backend.activationType(), 0, spec.layers(), spec.batch(), spec.hiddenSize());
        initialCell = constant(backend.parameterType(), 0, spec.layers(), spec.batch(), spec.hiddenSize());
        parameters = parameters(Math.toIntExact(operation.parameterElements()));
        y = activations(spec.batch(), spec.sequenceLength(), spec.hiddenSize());
        finalHidden = activations(spec.layers(), spec.batch(), spec.hiddenSize());
        finalCell = parameters(spec.layers(), spec.batch(), spec.hiddenSize());
        reserve = constant(backend.activationType(), 0, operation.reserveShape().toArray());
        inferenceReserve = constant(backend.activationType(), 0, operation.inferenceReserveShape().toArray());
        dy = activations(spec.batch(), spec.sequenceLength(), spec.hiddenSize());
        dx = activations(spec.batch(), spec.sequenceLength(), spec.inputSize());
        dParameters = parameters(Math.toIntExact(operation.parameterElements()));
    }

    @Override
    List<Call> calls() {
        String sizes = spec.batch() + " x " + spec.sequenceLength() + " x " + spec.inputSize() + " to "
                + spec.hiddenSize() + ", " + spec.layers() + (spec.layers() == 1 ? " layer" : " layers");
        return List.of(
                new Call("lstm", "forward", sizes, forward(spec, widths), this::runForward),
                new Call("lstm", "forward and backward", sizes, forward(spec, widths).plus(backward(spec, widths)),
                        () -> {
                            runForward();
                            operation.backward(x, initialHidden, initialCell, parameters, 0, y, reserve, dy, dx,
                                    dParameters);
                        }),
                new Call("lstm", "inference", sizes, forward(spec, widths), () -> operation.infer(x, initialHidden,
                        initialCell, parameters, y, finalHidden, finalCell, inferenceReserve)));
    }

    private void runForward() {
        operation.forward(x, initialHidden, initialCell, parameters, 0, y, finalHidden, finalCell, reserve);
    }

    /**
     * Of each row, that is of B T, and layer of I inputs two products, 2 · 4H (I + H), the biases and the sum of both, 3 · 4H, and
     * the cell, 9 H. Reads x and the weights; writes y. What is kept for the backward pass is not counted: what that is, is the
     * backend's choice.
     */
    static Work forward(LstmSpec spec, Widths widths) {
        double rows = (double) spec.batch() * spec.sequenceLength();
        double flop = 0;
        double weights = 0;
        for (int layer = 0; layer < spec.layers(); layer++) {
            flop += rows * (8.0 * spec.hiddenSize() * (spec.inputSize(layer) + spec.hiddenSize())
                    + 21.0 * spec.hiddenSize());
            weights += 4.0 * spec.hiddenSize() * (spec.inputSize(layer) + spec.hiddenSize() + 2);
        }
        return new Work(flop, widths.activation() * (rows * (spec.inputSize() + spec.hiddenSize()) + weights));
    }

    /**
     * Of each row and layer four products, the gradients of inputs and of weights, 4 · 4H (I + H), the biases' sums, 4H, and the
     * cell's gradient, 21 H. Reads x, y, dy and the weights; writes dx and the gradients of the weights.
     */
    static Work backward(LstmSpec spec, Widths widths) {
        double rows = (double) spec.batch() * spec.sequenceLength();
        double flop = 0;
        double weights = 0;
        for (int layer = 0; layer < spec.layers(); layer++) {
            flop += rows * (16.0 * spec.hiddenSize() * (spec.inputSize(layer) + spec.hiddenSize())
                    + 25.0 * spec.hiddenSize());
            weights += 4.0 * spec.hiddenSize() * (spec.inputSize(layer) + spec.hiddenSize() + 2);
        }
        return new Work(flop, widths.activation() * (rows * 2 * (spec.inputSize() + spec.hiddenSize()) + weights)
                + widths.parameter() * weights);
    }

    /** The part of the backward pass that is not needed above frozen embeddings: dx, 2 · 4H E a row, which reads the weights of x. */
    static Work inputGradient(LstmSpec spec, Widths widths) {
        double rows = (double) spec.batch() * spec.sequenceLength();
        double weights = 4.0 * spec.hiddenSize() * spec.inputSize();
        return new Work(2 * rows * weights, widths.activation() * (rows * spec.inputSize() + weights));
    }
}
