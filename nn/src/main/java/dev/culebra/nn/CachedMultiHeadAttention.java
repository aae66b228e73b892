package dev.culebra.nn;

import java.util.List;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Activation;
import dev.culebra.runtime.operation.CachedAttention;
import dev.culebra.runtime.operation.CachedAttentionSpec;

/**
 * What {@link MultiHeadAttention} computes, for the next positions of a sequence whose earlier keys and values are kept:
 * (1, N, m·d) to (1, N, m·d), with the same parameters. It has no backward pass.
 */
final class CachedMultiHeadAttention implements Layer {
    private final Network network;
    private final CachedAttention operation;
    private final Linear projection;
    private final Linear outputProjection;
    private final Shape shape;
    private final Tensor position;
    private final Tensor keysValues;

    /**
     * Attention over activations of {@code shape}.
     *
     * @param name the prefix of its parameters' names
     * @param shape (1, N, m·d)
     * @param position I32 (1): how many positions are kept
     * @param keysValues what is kept, activations (1, P, 2, m, d)
     */
    CachedMultiHeadAttention(Network network, String name, Shape shape, Tensor position, Tensor keysValues) {
        int width = shape.size(2);
        Shape kept = keysValues.shape();
        this.network = network;
        this.shape = shape;
        this.position = position;
        this.keysValues = keysValues;
        this.projection = Linear.sideBySide(network, List.of(name + ".q_proj", name + ".k_proj", name + ".v_proj"),
                shape, width);
        this.operation = network.own(network.backend().cachedAttention(
                new CachedAttentionSpec(shape.size(0), shape.size(1), kept.size(1), kept.size(3), kept.size(4))));
        this.outputProjection = new Linear(network, name + ".out_proj", shape, width, Activation.NONE);
    }

    @Override
    public Tensor forward(Tensor x) {
        CachedAttentionSpec spec = operation.spec();
        Tensor packed = projection.forward(x);
        Tensor heads = network.activation(shape);
        operation.forward(packed.reshape(spec.batch(), spec.newPositions(), 3, spec.heads(), spec.headSize()), position,
                keysValues, heads.reshape(spec.batch(), spec.newPositions(), spec.heads(), spec.headSize()));
        network.free(packed);
        Tensor y = outputProjection.forward(heads);
        network.free(heads);
        return y;
    }

    /** There is none: what earlier passes computed is gone. */
    @Override
    public Tensor backward(Tensor gradient) {
        throw new UnsupportedOperationException("attention with kept keys and values has no backward pass");
    }
}
