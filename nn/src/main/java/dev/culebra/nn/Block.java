package dev.culebra.nn;

import java.util.List;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Activation;

/**
 * A post-norm transformer block as in GPT-1 (Radford et al. 2018), (B, T, E) to (B, T, E):
 * <pre>
 *   x = norm1(attention(x) + x)
 *   x = norm2(mlp(x) + x)         mlp = Linear(E, F), GELU, Linear(F, E)
 * </pre>
 * with dropout, if any, on the results of attention and mlp. Parameters: {@code {name}.attention…},
 * {@code {name}.norm1…}, {@code {name}.mlp.{0,2}…}, {@code {name}.norm2…}.
 */
public final class Block implements Layer {
    private final Sequential halves;

    /**
     * A block over activations of {@code shape}.
     *
     * @param name the prefix of its parameters' names, such as {@code layers.0}
     * @param shape (B, T, E)
     */
    public Block(Network network, String name, Shape shape, GptModelSpec spec, ModelOptions options) {
        this(network, name, shape, spec, options,
                new MultiHeadAttention(network, name + ".attention", shape, spec.heads()));
    }

    /** The same with an attention of another kind. */
    Block(Network network, String name, Shape shape, GptModelSpec spec, ModelOptions options, Layer attention) {
        Layer first = residual(network, attention, name + ".norm1", shape, options);
        Layer mlp = new Sequential(network,
                List.of(new Linear(network, name + ".mlp.0", shape, spec.mlpWidth(), spec.gelu().activation()),
                        new Linear(network, name + ".mlp.2", Shapes.withLastAxis(shape, spec.mlpWidth()), spec.width(),
                                Activation.NONE)));
        Layer second = residual(network, mlp, name + ".norm2", shape, options);
        this.halves = new Sequential(network, List.of(first, second));
    }

    private static Layer residual(Network network, Layer branch, String norm, Shape shape, ModelOptions options) {
        return new Residual(network, branch, LayerNorm.ofSum(network, norm, shape),
                new Dropout(network, shape, options.dropout(), options.seed()), shape);
    }

    @Override
    public Tensor forward(Tensor x) {
        return halves.forward(x);
    }

    @Override
    public Tensor backward(Tensor gradient) {
        return halves.backward(gradient);
    }
}
