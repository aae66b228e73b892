package dev.culebra.nn;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Attention;
import dev.culebra.runtime.operation.AttentionSpec;
import dev.culebra.runtime.operation.Elementwise;

/**
 * The steps of causal multi-head attention one by one, for looking at them. {@link MultiHeadAttention} trains faster.
 *
 * <p>All tensors are activations. Every result has storage of its own, which the caller closes with
 * {@code tensor.storage().close()}.
 */
public final class ExplicitAttention {
    private final Backend backend;
    private final int heads;

    /** Attention with {@code heads} heads on a backend. */
    public ExplicitAttention(Backend backend, int heads) {
        if (heads <= 0) {
            throw new IllegalArgumentException("attention needs at least one head, not " + heads);
        }
        this.backend = backend;
        this.heads = heads;
    }

    /** (B, T, m·d) to (B, m, T, d): result[b, h, t, j] = x[b, t, d·h + j]. */
    public Tensor splitHeads(Tensor x) {
        int width = x.shape().size(2);
        if (width % heads != 0) {
            throw new IllegalArgumentException(heads + " heads do not divide a width of " + width);
        }
        int batch = x.shape().size(0);
        int length = x.shape().size(1);
        Tensor result = allocate(batch, heads, length, width / heads);
        swapMiddleAxes(x.reshape(batch, length, heads, width / heads), result);
        return result;
    }

    /** (B, m, T, d) to (B, T, m·d), the inverse of {@link #splitHeads}. */
    public Tensor mergeHeads(Tensor x) {
        Tensor result = allocate(x.shape().size(0), x.shape().size(2), heads * x.shape().size(3));
        mergeHeads(x, result);
        return result;
    }

    /**
     * softmax(Q Kᵀ / √d), row t taken over the positions τ ≤ t alone and zero behind them.
     *
     * @param queries Q (B, m, T, d)
     * @param keys K (B, m, T, d)
     * @return (B, m, T, T)
     */
    public Tensor attentionWeights(Tensor queries, Tensor keys) {
        AttentionSpec spec = spec(queries);
        Tensor packed = pack(queries, keys, keys);
        try (Attention attention = backend.attention(spec)) {
            Tensor weights = allocate(spec.batch(), heads, spec.sequenceLength(), spec.sequenceLength());
            attention.weights(packed, weights);
            return weights;
        } finally {
            packed.storage().close();
        }
    }

    /**
     * mergeHeads(attentionWeights(Q, K) V), by the fused operation.
     *
     * @param queries Q (B, m, T, d)
     * @param keys K (B, m, T, d)
     * @param values V (B, m, T, d)
     * @return (B, T, m·d)
     */
    public Tensor applyAttention(Tensor queries, Tensor keys, Tensor values) {
        AttentionSpec spec = spec(queries);
        Tensor packed = pack(queries, keys, values);
        Tensor logSumExp = backend.allocate(backend.parameterType(),
                Shape.of(spec.batch(), heads, spec.sequenceLength()));
        try (Attention attention = backend.attention(spec)) {
            Tensor result = allocate(spec.batch(), spec.sequenceLength(), heads, spec.headSize());
            attention.forward(packed, logSumExp, result);
            return result.reshape(spec.batch(), spec.sequenceLength(), spec.width());
        } finally {
            logSumExp.storage().close();
            packed.storage().close();
        }
    }

    /** Three tensors (B, m, T, d) as (B, T, 3, m, d). */
    private Tensor pack(Tensor queries, Tensor keys, Tensor values) {
        AttentionSpec spec = spec(queries);
        int rows = spec.batch() * spec.sequenceLength();
        Tensor stacked = allocate(3, rows, spec.width());
        try {
            Shape third = Shape.of(rows, spec.width());
            mergeHeads(queries, stacked.view(0, third));
            mergeHeads(keys, stacked.view(third.elements(), third));
            mergeHeads(values, stacked.view(2 * third.elements(), third));
            Tensor packed = allocate(spec.batch(), spec.sequenceLength(), 3, heads, spec.headSize());
            swapMiddleAxes(stacked.reshape(1, 3, rows, spec.width()), packed.reshape(1, rows, 3, spec.width()));
            return packed;
        } finally {
            stacked.storage().close();
        }
    }

    private void mergeHeads(Tensor x, Tensor target) {
        Shape shape = x.shape();
        swapMiddleAxes(x, target.reshape(shape.size(0), shape.size(2), heads, shape.size(3)));
    }

    private void swapMiddleAxes(Tensor source, Tensor target) {
        try (Elementwise elementwise = backend.elementwise()) {
            elementwise.swapMiddleAxes(source, target);
        }
    }

    private AttentionSpec spec(Tensor x) {
        Shape shape = x.shape();
        if (shape.rank() != 4 || shape.size(1) != heads) {
            throw new IllegalArgumentException("expected (B, " + heads + ", T, d) but got " + shape);
        }
        return new AttentionSpec(shape.size(0), shape.size(2), heads, shape.size(3));
    }

    private Tensor allocate(int... sizes) {
        return backend.allocate(backend.activationType(), Shape.of(sizes));
    }
}
