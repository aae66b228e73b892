package dev.culebra.nn;

import java.util.List;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.LstmSpec;
import dev.culebra.runtime.operation.ParameterRegion;

/**
 * A stack of LSTM layers from zero states, (B, T, E) to (B, T, H); the formulas stand at
 * {@link dev.culebra.runtime.operation.Lstm}.
 *
 * <p>Parameters {@code {name}.weight_ih_l{k}} (4H, E or H), {@code {name}.weight_hh_l{k}} (4H, H),
 * {@code {name}.bias_ih_l{k}} and {@code {name}.bias_hh_l{k}} (4H) start uniform within ±1/√H, as PyTorch's. They lie
 * in one block, in the order the backend wants.
 */
public final class Lstm implements Layer {
    private final Network network;
    private final dev.culebra.runtime.operation.Lstm operation;
    private final Shape inputShape;
    private final Shape outputShape;
    private final Parameter parameters;
    private final LstmState initialState;
    private final LstmState finalState;
    private Tensor input;
    private Tensor output;
    private Tensor reserve;

    /**
     * A stack of {@code spec.layers()} layers. Where {@code spec} does not want the gradient of the input, the contents of what
     * {@link #backward} returns have no meaning.
     *
     * @param name the prefix of its parameters' names
     */
    public Lstm(Network network, String name, LstmSpec spec) {
        this(network, name, spec, LstmState.zero(network, spec));
    }

    /**
     * The same from other states.
     *
     * @param initial what the layers start from in every pass
     */
    Lstm(Network network, String name, LstmSpec spec, LstmState initial) {
        this.network = network;
        this.operation = network.own(network.backend().lstm(spec));
        this.inputShape = Shape.of(spec.batch(), spec.sequenceLength(), spec.inputSize());
        this.outputShape = Shapes.withLastAxis(inputShape, spec.hiddenSize());
        List<ParameterRegion> regions = operation.parameterLayout().stream()
                .map(region -> new ParameterRegion(name + "." + region.name(), region.shape(), region.offset()))
                .toList();
        this.parameters = network.parameters().declare(Shape.of(Math.toIntExact(operation.parameterElements())),
                regions, Initializer.Uniform.ofInputs(spec.hiddenSize()), true);
        this.initialState = initial;
        this.finalState = LstmState.zero(network, spec);
    }

    @Override
    public Tensor forward(Tensor x) {
        input = x;
        output = network.activation(outputShape);
        if (network.isTraining()) {
            reserve = network.activation(operation.reserveShape());
            operation.forward(x, initialState.hidden(), initialState.cell(), parameters.value(), network.step(), output,
                    finalState.hidden(), finalState.cell(), reserve);
        } else {
            reserve = network.activation(operation.inferenceReserveShape());
            operation.infer(x, initialState.hidden(), initialState.cell(), parameters.value(), output,
                    finalState.hidden(), finalState.cell(), reserve);
            network.free(reserve);
        }
        return output;
    }

    @Override
    public Tensor backward(Tensor gradient) {
        Tensor inputGradient = network.activation(inputShape);
        operation.backward(input, initialState.hidden(), initialState.cell(), parameters.value(), network.step(),
                output, reserve, gradient, inputGradient, parameters.gradient());
        network.free(reserve);
        return inputGradient;
    }

    /** h after the last position of the latest forward pass, activations (L, B, H); overwritten by the next. */
    public Tensor finalHidden() {
        return finalState.hidden();
    }

    /** c after the last position of the latest forward pass, parameters' type, (L, B, H); overwritten by the next. */
    public Tensor finalCell() {
        return finalState.cell();
    }
}
