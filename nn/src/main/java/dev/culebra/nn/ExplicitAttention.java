package dev.culebra.nn;

import java.util.function.Consumer;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Storage;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Attention;
import dev.culebra.runtime.operation.AttentionSpec;
import dev.culebra.runtime.operation.Elementwise;

/**
 * The steps of causal multi-head attention one by one, for looking at them. {@link MultiHeadAttention} trains faster.
 *
 * <p>All tensors are activations. Every result has storage of its own, which the caller closes with
 * {@code tensor.storage().close()}; a call that fails leaves none behind.
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
        return filled(Shape.of(batch, heads, length, width / heads),
                result -> swapMiddleAxes(x.reshape(batch, length, heads, width / heads), result));
    }

    /** (B, m, T, d) to (B, T, m·d), the inverse of {@link #splitHeads}. */
    public Tensor mergeHeads(Tensor x) {
        return filled(Shape.of(x.shape().size(0), x.shape().size(2), heads * x.shape().size(3)),
                result -> mergeHeads(x, result));
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
        return filled(Shape.of(spec.batch(), heads, spec.sequenceLength(), spec.sequenceLength()), weights -> {
            try (Temporary packed = pack(queries, keys, keys); Attention attention = backend.attention(spec)) {
                attention.weights(packed.tensor(), weights);
            }
        });
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
        return filled(Shape.of(spec.batch(), spec.sequenceLength(), spec.width()), result -> {
            try (Temporary packed = pack(queries, keys, values);
                    Temporary logSumExp = new Temporary(backend.allocate(backend.parameterType(),
                            Shape.of(spec.batch(), heads, spec.sequenceLength())));
                    Attention attention = backend.attention(spec)) {
                attention.forward(packed.tensor(), logSumExp.tensor(),
                        result.reshape(spec.batch(), spec.sequenceLength(), heads, spec.headSize()));
            }
        });
    }

    /** Three tensors (B, m, T, d) as (B, T, 3, m, d). */
    private Temporary pack(Tensor queries, Tensor keys, Tensor values) {
        AttentionSpec spec = spec(queries);
        int rows = spec.batch() * spec.sequenceLength();
        Shape third = Shape.of(rows, spec.width());
        Shape packedShape = Shape.of(spec.batch(), spec.sequenceLength(), 3, heads, spec.headSize());
        return new Temporary(filled(packedShape, packed -> {
            try (Temporary stacked = new Temporary(allocate(Shape.of(3, rows, spec.width())))) {
                Tensor all = stacked.tensor();
                mergeHeads(queries, all.view(0, third));
                mergeHeads(keys, all.view(third.elements(), third));
                mergeHeads(values, all.view(2 * third.elements(), third));
                swapMiddleAxes(all.reshape(1, 3, rows, spec.width()), packed.reshape(1, rows, 3, spec.width()));
            }
        }));
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

    /** A new activation that {@code fill} overwrites; if that fails, the memory is freed. */
    private Tensor filled(Shape shape, Consumer<Tensor> fill) {
        Tensor tensor = allocate(shape);
        try {
            fill.accept(tensor);
            return tensor;
        } catch (RuntimeException | Error failure) {
            Storage memory = tensor.storage();
            try (memory) {
                throw failure;
            }
        }
    }

    private Tensor allocate(Shape shape) {
        return backend.allocate(backend.activationType(), shape);
    }

    /** A tensor that lasts for one call. */
    private record Temporary(Tensor tensor) implements AutoCloseable {
        @Override
        public void close() {
            tensor.storage().close();
        }
    }
}
