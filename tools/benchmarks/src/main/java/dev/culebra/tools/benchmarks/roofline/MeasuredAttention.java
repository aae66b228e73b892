package dev.culebra.tools.benchmarks.roofline;

import java.util.List;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Attention;
import dev.culebra.runtime.operation.AttentionSpec;

/** Causal attention of B sequences, T positions, m heads of size d: B m T (T + 1) / 2 pairs of a query and a key. */
final class MeasuredAttention extends MeasuredOperation {
    private final AttentionSpec spec;
    private final Attention operation;
    private final Tensor packed;
    private final Tensor logSumExp;
    private final Tensor output;
    private final Tensor dOutput;
    private final Tensor dPacked;
    private final Tensor weights;

    MeasuredAttention(Backend backend, AttentionSpec spec) {
        super(backend);
        this.spec = spec;
        operation = own(backend.attention(spec));
        packed = activations(spec.batch(), spec.sequenceLength(), 3, spec.heads(), spec.headSize());
        logSumExp = parameters(spec.batch(), spec.heads(), spec.sequenceLength());
        output = activations(spec.batch(), spec.sequenceLength(), spec.heads(), spec.headSize());
        dOutput = activations(spec.batch(), spec.sequenceLength(), spec.heads(), spec.headSize());
        dPacked = activations(spec.batch(), spec.sequenceLength(), 3, spec.heads(), spec.headSize());
        weights = allocated(backend.activationType(), spec.batch(), spec.heads(), spec.sequenceLength(),
                spec.sequenceLength());
        operation.forward(packed, logSumExp, output);
    }

    @Override
    List<Call> calls() {
        String sizes = spec.batch() + " x " + spec.sequenceLength() + ", " + spec.heads() + " heads of "
                + spec.headSize();
        return List.of(
                new Call("attention", "forward", sizes, forward(spec, widths),
                        () -> operation.forward(packed, logSumExp, output)),
                new Call("attention", "backward", sizes, backward(spec, widths),
                        () -> operation.backward(packed, logSumExp, output, dOutput, dPacked)),
                new Call("attention", "weights", sizes, weights(spec, widths),
                        () -> operation.weights(packed, weights)));
    }

    /**
     * Of each pair two products, Q Kᵀ and P V, 2 d each, and the softmax, 4. Reads Q, K, V; writes O and a number for each query
     * and head.
     */
    static Work forward(AttentionSpec spec, Widths widths) {
        return new Work(pairs(spec) * (4.0 * spec.headSize() + 4),
                widths.activation() * 4 * elements(spec) + widths.parameter() * elements(spec) / spec.headSize());
    }

    /**
     * Of each pair five products, Q Kᵀ once more, dO Vᵀ, Pᵀ dO, dS K and dSᵀ Q, 2 d each, and P and dS, 6; of each element dO · O,
     * 2. Reads Q, K, V, O, dO and the numbers; writes the gradients of Q, K, V.
     */
    static Work backward(AttentionSpec spec, Widths widths) {
        return new Work(pairs(spec) * (10.0 * spec.headSize() + 6) + 2 * elements(spec),
                widths.activation() * 8 * elements(spec) + widths.parameter() * elements(spec) / spec.headSize());
    }

    /** Of each pair one product, Q Kᵀ, 2 d, and the softmax, 4. Reads Q and K; writes P, of T x T with its zeros. */
    static Work weights(AttentionSpec spec, Widths widths) {
        double square = (double) spec.batch() * spec.heads() * spec.sequenceLength() * spec.sequenceLength();
        return new Work(pairs(spec) * (2.0 * spec.headSize() + 4),
                widths.activation() * (2 * elements(spec) + square));
    }

    private static double pairs(AttentionSpec spec) {
        return (double) spec.batch() * spec.heads() * spec.sequenceLength() * (spec.sequenceLength() + 1) / 2;
    }

    /** Of O. */
    private static double elements(AttentionSpec spec) {
        return (double) spec.batch() * spec.sequenceLength() * spec.width();
    }
}
