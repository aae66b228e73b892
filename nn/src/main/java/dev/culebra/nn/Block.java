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
        this(network, name, shape, spec, options, true);
    }

    /**
     * The same.
     *
     * @param inputGradient whether anybody needs the gradient of the block's input; otherwise the contents of what
     *     {@link #backward} returns are undefined
     */
    Block(Network network, String name, Shape shape, GptModelSpec spec, ModelOptions options, boolean inputGradient) {
        this(network, name, shape, spec, options,
                new MultiHeadAttention(network, name + ".attention", shape, spec.heads(), inputGradient),
                inputGradient);
    }

    /** A block with an attention of another kind, which is never trained. */
    static Block of(Network network, String name, Shape shape, GptModelSpec spec, ModelOptions options,
            Layer attention) {
        return new Block(network, name, shape, spec, options, attention, true);
    }

    private Block(Network network, String name, Shape shape, GptModelSpec spec, ModelOptions options, Layer attention,
            boolean inputGradient) {
        Layer first = new Residual(network, attention, LayerNorm.ofSum(network, name + ".norm1", shape),
                dropout(network, shape, options), shape, inputGradient);
        Layer mlp = new Sequential(network,
                List.of(new Linear(network, name + ".mlp.0", shape, spec.mlpWidth(), spec.gelu().activation()),
                        new Linear(network, name + ".mlp.2", Shapes.withLastAxis(shape, spec.mlpWidth()), spec.width(),
                                Activation.NONE)));
        Layer second = new Residual(network, mlp, LayerNorm.ofSum(network, name + ".norm2", shape),
                dropout(network, shape, options), shape, true);
        this.halves = new Sequential(network, List.of(first, second));
    }

    private static Dropout dropout(Network network, Shape shape, ModelOptions options) {
        return new Dropout(network, shape, options.dropout(), options.seed());
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
