package dev.culebra.nn;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.LayerNormSpec;

/**
 * Layer normalisation over the last axis (Ba, Kiros, Hinton 2016), with the biased variance and ε = 1e-5:
 * y = (s - mean(s)) / √(var(s) + ε) ⊙ weight + bias, of s = x, or of s = x + r where it is made for a residual.
 *
 * <p>Parameters {@code {name}.weight} (features) starts at 1, {@code {name}.bias} (features) at 0. The gradient that
 * {@link #backward} returns is that of x and of r alike.
 */
public final class LayerNorm implements Layer {
    private static final double EPSILON = 1e-5;

    private final Network network;
    private final dev.culebra.runtime.operation.LayerNorm operation;
    private final Shape shape;
    private final Shape statisticsShape;
    private final Parameter weight;
    private final Parameter bias;
    private Tensor sum;
    private Tensor statistics;

    /** A normalisation of activations of {@code shape}, (…, features). */
    public LayerNorm(Network network, String name, Shape shape) {
        this(network, name, shape, false);
    }

    /** A normalisation of the sum of two activations of {@code shape}, (…, features). */
    public static LayerNorm ofSum(Network network, String name, Shape shape) {
        return new LayerNorm(network, name, shape, true);
    }

    private LayerNorm(Network network, String name, Shape shape, boolean residual) {
        int features = shape.size(-1);
        this.network = network;
        this.shape = shape;
        this.statisticsShape = Shape.of(2, Shapes.rows(shape));
        this.operation = network.own(network.backend()
                .layerNorm(new LayerNormSpec(Shapes.rows(shape), features, EPSILON, residual)));
        this.weight = network.parameters().declare(name + ".weight", Shape.of(features), new Initializer.Constant(1),
                true);
        this.bias = network.parameters().declare(name + ".bias", Shape.of(features), new Initializer.Constant(0),
                true);
    }

    /**
     * Normalises x.
     *
     * @throws IllegalStateException if this layer was made for a sum
     */
    @Override
    public Tensor forward(Tensor x) {
        requireResidual(false);
        return forward(x, x, x);
    }

    /**
     * Normalises x + r.
     *
     * @throws IllegalStateException if this layer was not made for a sum
     */
    public Tensor forward(Tensor x, Tensor residual) {
        requireResidual(true);
        Tensor y = forward(x, residual, network.activation(shape));
        network.freeInInference(sum);
        return y;
    }

    private Tensor forward(Tensor x, Tensor residual, Tensor sumOfBoth) {
        sum = sumOfBoth;
        statistics = network.statistics(statisticsShape);
        Tensor y = network.activation(shape);
        operation.forward(Shapes.matrix(x), Shapes.matrix(residual), weight.value(), bias.value(), Shapes.matrix(sum),
                statistics, Shapes.matrix(y));
        network.freeInInference(statistics);
        return y;
    }

    @Override
    public Tensor backward(Tensor gradient) {
        Tensor sumGradient = network.activation(shape);
        operation.backward(Shapes.matrix(sum), statistics, weight.value(), Shapes.matrix(gradient),
                Shapes.matrix(sumGradient), weight.gradient(), bias.gradient());
        network.free(statistics);
        if (operation.spec().residual()) {
            network.free(sum);
        }
        return sumGradient;
    }

    private void requireResidual(boolean wanted) {
        if (operation.spec().residual() != wanted) {
            throw new IllegalStateException(
                    wanted ? "this layer norm was made without a residual" : "this layer norm wants a residual");
        }
    }
}
