package dev.culebra.nn;

import java.util.List;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Activation;
import dev.culebra.runtime.operation.Attention;
import dev.culebra.runtime.operation.AttentionSpec;

/**
 * Causal multi-head self-attention (Vaswani et al. 2017), (B, T, m·d) to (B, T, m·d):
 * out_proj(mergeHeads(softmax(Q Kᵀ / √d) V)) with Q, K, V = splitHeads({q,k,v}_proj(x)).
 *
 * <p>Parameters: {@code {name}.{q_proj,k_proj,v_proj,out_proj}.{weight,bias}}, 4(m·d)² + 4·m·d numbers. The three
 * projections lie in one block, so that one matrix product makes them all. {@link ExplicitAttention} has the steps
 * one by one.
 */
public final class MultiHeadAttention implements Layer {
    private final Network network;
    private final Attention operation;
    private final Linear projection;
    private final Linear outputProjection;
    private final Shape shape;
    private final Shape packedShape;
    private final Shape logSumExpShape;
    private Tensor packed;
    private Tensor logSumExp;
    private Tensor heads;

    /**
     * Attention over activations of {@code shape}.
     *
     * @param name the prefix of its parameters' names
     * @param shape (B, T, m·d)
     * @param heads m
     * @throws IllegalArgumentException if the number of heads does not divide the width
     */
    public MultiHeadAttention(Network network, String name, Shape shape, int heads) {
        this(network, name, shape, heads, true);
    }

    /**
     * The same.
     *
     * @param inputGradient whether anybody needs the gradient of its input; otherwise the contents of what {@link #backward}
     *     returns are undefined
     */
    MultiHeadAttention(Network network, String name, Shape shape, int heads, boolean inputGradient) {
        int batch = shape.size(0);
        int sequenceLength = shape.size(1);
        int width = shape.size(2);
        if (heads <= 0 || width % heads != 0) {
            throw new IllegalArgumentException(heads + " heads do not divide a width of " + width);
        }
        this.network = network;
        this.shape = shape;
        this.packedShape = Shape.of(batch, sequenceLength, 3 * width);
        this.logSumExpShape = Shape.of(batch, heads, sequenceLength);
        this.projection = Linear.sideBySide(network, List.of(name + ".q_proj", name + ".k_proj", name + ".v_proj"),
                shape, width, inputGradient);
        this.operation = network.own(
                network.backend().attention(new AttentionSpec(batch, sequenceLength, heads, width / heads)));
        this.outputProjection = new Linear(network, name + ".out_proj", shape, width, Activation.NONE);
    }

    @Override
    public Tensor forward(Tensor x) {
        packed = projection.forward(x);
        logSumExp = network.statistics(logSumExpShape);
        heads = network.activation(shape);
        operation.forward(byProjection(packed), logSumExp, byHead(heads));
        network.freeInInference(packed);
        network.freeInInference(logSumExp);
        Tensor y = outputProjection.forward(heads);
        network.freeInInference(heads);
        return y;
    }

    @Override
    public Tensor backward(Tensor gradient) {
        Tensor headsGradient = outputProjection.backward(gradient);
        Tensor packedGradient = network.activation(packedShape);
        operation.backward(byProjection(packed), logSumExp, byHead(heads), byHead(headsGradient),
                byProjection(packedGradient));
        network.free(headsGradient);
        network.free(heads);
        network.free(logSumExp);
        Tensor inputGradient = projection.backward(packedGradient);
        network.free(packedGradient);
        network.free(packed);
        return inputGradient;
    }

    /** (B, T, 3·m·d) as (B, T, 3, m, d). */
    private Tensor byProjection(Tensor tensor) {
        AttentionSpec spec = operation.spec();
        return tensor.reshape(spec.batch(), spec.sequenceLength(), 3, spec.heads(), spec.headSize());
    }

    /** (B, T, m·d) as (B, T, m, d). */
    private Tensor byHead(Tensor tensor) {
        AttentionSpec spec = operation.spec();
        return tensor.reshape(spec.batch(), spec.sequenceLength(), spec.heads(), spec.headSize());
    }
}
