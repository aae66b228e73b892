package dev.culebra.nn;

import java.util.ArrayList;
import java.util.List;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Activation;
import dev.culebra.runtime.operation.LinearSpec;
import dev.culebra.runtime.operation.ParameterRegion;

/**
 * y = activation(x Wᵀ + b) over the last axis: (…, inputs) to (…, outputs).
 *
 * <p>Parameters {@code {name}.weight} (outputs, inputs) and {@code {name}.bias} (outputs) start uniform within
 * ±1/√inputs, as PyTorch's. With an activation, {@link #backward} leaves the contents of its gradient undefined.
 */
public final class Linear implements Layer {
    private final Network network;
    private final dev.culebra.runtime.operation.Linear operation;
    private final Shape inputShape;
    private final Shape outputShape;
    private final Parameter weight;
    private final Parameter bias;
    private Tensor input;
    private Tensor preActivation;
    private Tensor output;

    /**
     * A layer with one weight and one bias.
     *
     * @param name the prefix of its parameters' names
     * @param inputShape (…, inputs)
     */
    public Linear(Network network, String name, Shape inputShape, int outputs, Activation activation) {
        this(network, List.of(name), inputShape, spec(inputShape, outputs, activation));
    }

    /**
     * Several layers of one input as one, their outputs side by side: (…, inputs) to (…, names · outputs), without
     * activation. Each keeps its own named weight and bias.
     *
     * @param names the prefixes of the parameters' names, in the order of their outputs
     * @param inputShape (…, inputs)
     * @param outputs the outputs of each
     */
    public static Linear sideBySide(Network network, List<String> names, Shape inputShape, int outputs) {
        return sideBySide(network, names, inputShape, outputs, true);
    }

    /**
     * The same.
     *
     * @param inputGradient whether anybody needs the gradient of the input; otherwise the contents of what {@link #backward}
     *     returns are undefined
     */
    static Linear sideBySide(Network network, List<String> names, Shape inputShape, int outputs,
            boolean inputGradient) {
        LinearSpec spec = spec(inputShape, names.size() * outputs, Activation.NONE);
        return new Linear(network, names, inputShape, inputGradient ? spec : spec.withoutInputGradient());
    }

    private static LinearSpec spec(Shape inputShape, int outputs, Activation activation) {
        return new LinearSpec(Shapes.rows(inputShape), inputShape.size(-1), outputs, activation);
    }

    private Linear(Network network, List<String> names, Shape inputShape, LinearSpec spec) {
        int inputs = spec.inputSize();
        int allOutputs = spec.outputSize();
        int outputs = allOutputs / names.size();
        this.network = network;
        this.inputShape = inputShape;
        this.outputShape = Shapes.withLastAxis(inputShape, allOutputs);
        this.operation = network.own(network.backend().linear(spec));
        Initializer initializer = Initializer.Uniform.ofInputs(inputs);
        this.weight = network.parameters().declare(Shape.of(allOutputs, inputs),
                regions(names, ".weight", Shape.of(outputs, inputs)), initializer, true);
        this.bias = network.parameters().declare(Shape.of(allOutputs), regions(names, ".bias", Shape.of(outputs)),
                initializer, true);
    }

    private static List<ParameterRegion> regions(List<String> names, String suffix, Shape shape) {
        List<ParameterRegion> regions = new ArrayList<>();
        for (String name : names) {
            regions.add(new ParameterRegion(name + suffix, shape, regions.size() * shape.elements()));
        }
        return regions;
    }

    @Override
    public Tensor forward(Tensor x) {
        boolean needsPreActivation = operation.spec().needsPreActivation();
        input = x;
        output = network.activation(outputShape);
        preActivation = needsPreActivation ? network.activation(outputShape) : output;
        operation.forward(Shapes.matrix(x), weight.value(), bias.value(), Shapes.matrix(preActivation),
                Shapes.matrix(output));
        if (needsPreActivation) {
            network.freeInInference(preActivation);
        }
        return output;
    }

    @Override
    public Tensor backward(Tensor gradient) {
        Tensor inputGradient = network.activation(inputShape);
        operation.backward(Shapes.matrix(input), weight.value(), Shapes.matrix(preActivation), Shapes.matrix(output),
                Shapes.matrix(gradient), Shapes.matrix(inputGradient), weight.gradient(), bias.gradient());
        if (operation.spec().needsPreActivation()) {
            network.free(preActivation);
        }
        return inputGradient;
    }
}
