package dev.culebra.tools.benchmarks.peers.culebra;

import java.util.List;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Activation;
import dev.culebra.runtime.operation.Attention;
import dev.culebra.runtime.operation.AttentionSpec;
import dev.culebra.runtime.operation.Linear;
import dev.culebra.runtime.operation.LinearSpec;
import dev.culebra.tools.benchmarks.peers.Conditions;
import dev.culebra.tools.benchmarks.peers.LayerInput;
import dev.culebra.tools.benchmarks.study.Sizes;

/**
 * Causal self-attention with its projections, forward and backward with a gradient of ones: the three projections of the input in
 * one product, attention, the projection of its result. Its result: y and dx.
 */
public final class CulebraAttention extends CulebraPeer {
    private final Linear projection;
    private final Attention attention;
    private final Linear outputProjection;
    private final Tensor x;
    private final Projection in;
    private final Projection out;
    private final Tensor packed;
    private final Tensor logSumExp;
    private final Tensor heads;
    private final Tensor y;
    private final Tensor dy;
    private final Tensor dHeads;
    private final Tensor dPacked;
    private final Tensor dx;

    /** The parameters of a projection, and their gradients. */
    private record Projection(Tensor weight, Tensor bias, Tensor dWeight, Tensor dBias) {}

    /** Owns the backend. */
    public CulebraAttention(Backend backend, Conditions conditions) {
        super(backend);
        Sizes sizes = conditions.sizes();
        int rows = sizes.rows();
        int width = sizes.width();
        AttentionSpec spec = new AttentionSpec(sizes.batch(), sizes.sequenceLength(), sizes.heads(),
                width / sizes.heads());
        projection = own(backend.linear(new LinearSpec(rows, width, 3 * width, Activation.NONE)));
        attention = own(backend.attention(spec));
        outputProjection = own(backend.linear(new LinearSpec(rows, width, width, Activation.NONE)));
        in = projection("qkv", width, 3 * width);
        out = projection("out", width, width);
        x = activations(LayerInput.activations(sizes), rows, width);
        packed = activations(rows, 3 * width);
        logSumExp = parameters(sizes.batch(), sizes.heads(), sizes.sequenceLength());
        heads = activations(rows, width);
        y = activations(rows, width);
        dy = activations(LayerInput.ones(rows * width), rows, width);
        dHeads = activations(rows, width);
        dPacked = activations(rows, 3 * width);
        dx = activations(rows, width);
    }

    private Projection projection(String name, int from, int to) {
        return new Projection(parameters(LayerInput.weights(name + ".weight", to * from), to, from),
                parameters(LayerInput.weights(name + ".bias", to), to), parameters(to, from), parameters(to));
    }

    @Override
    void queue() {
        renew(in.weight, in.bias, out.weight, out.bias);
        projection.forward(x, in.weight, in.bias, packed, packed);
        attention.forward(byProjection(packed), logSumExp, byHead(heads));
        outputProjection.forward(heads, out.weight, out.bias, y, y);
        outputProjection.backward(heads, out.weight, y, y, dy, dHeads, out.dWeight, out.dBias);
        attention.backward(byProjection(packed), logSumExp, byHead(heads), byHead(dHeads), byProjection(dPacked));
        projection.backward(x, in.weight, packed, packed, dPacked, dx, in.dWeight, in.dBias);
    }

    private Tensor byProjection(Tensor tensor) {
        AttentionSpec spec = attention.spec();
        return tensor.reshape(spec.batch(), spec.sequenceLength(), 3, spec.heads(), spec.headSize());
    }

    private Tensor byHead(Tensor tensor) {
        AttentionSpec spec = attention.spec();
        return tensor.reshape(spec.batch(), spec.sequenceLength(), spec.heads(), spec.headSize());
    }

    @Override
    public List<double[]> result() {
        return List.of(y.toDoubles(), dx.toDoubles());
    }
}
