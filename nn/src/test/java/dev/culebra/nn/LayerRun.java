package dev.culebra.nn;

import java.util.function.BiFunction;
import java.util.function.Function;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;

/** One layer on a network of its own, run forwards and backwards on given numbers, with freed memory poisoned. */
final class LayerRun<L> implements AutoCloseable {
    private final Network network;
    private final L layer;

    LayerRun(Backend backend, Function<Network, L> constructor) {
        network = new Network(backend);
        network.memory().poisonFreed();
        layer = constructor.apply(network);
        network.parameters().allocate();
        network.parameters().initialize(42);
    }

    /** What a pass reads and leaves. */
    record Result(double[] output, Shape outputShape, double[] inputGradient) {}

    L layer() {
        return layer;
    }

    ParameterStore parameters() {
        return network.parameters();
    }

    /** An input of this network that lasts. */
    Tensor input(Shape shape, double... values) {
        Tensor tensor = network.persistentActivation(shape);
        tensor.set(values);
        return tensor;
    }

    /** Runs forward, and backward with {@code gradient}. */
    Result train(BiFunction<L, Tensor, Tensor> forward, BiFunction<L, Tensor, Tensor> backward, Tensor input,
            double[] gradient) {
        Captured captured = new Captured();
        network.training(() -> {
            Tensor output = forward.apply(layer, input);
            captured.output(output);
            Tensor upstream = network.activation(output.shape());
            if (!upstream.isPlanned()) {
                upstream.set(gradient);
            }
            Tensor inputGradient = backward.apply(layer, upstream);
            network.free(upstream);
            captured.gradient(inputGradient);
            network.free(inputGradient);
            network.free(output);
        }).run(0);
        return new Result(captured.output, captured.shape, captured.inputGradient);
    }

    /** Runs forward alone. */
    Result infer(BiFunction<L, Tensor, Tensor> forward, Tensor input) {
        Captured captured = new Captured();
        network.inference(() -> {
            Tensor output = forward.apply(layer, input);
            captured.output(output);
            network.free(output);
        }).run(0);
        return new Result(captured.output, captured.shape, new double[0]);
    }

    /** What is read during a pass, since nothing outlives it. */
    private static final class Captured {
        private double[] output = {};
        private double[] inputGradient = {};
        private Shape shape = Shape.of();

        void output(Tensor tensor) {
            shape = tensor.shape();
            if (!tensor.isPlanned()) {
                output = tensor.toDoubles();
            }
        }

        void gradient(Tensor tensor) {
            if (!tensor.isPlanned()) {
                inputGradient = tensor.toDoubles();
            }
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
