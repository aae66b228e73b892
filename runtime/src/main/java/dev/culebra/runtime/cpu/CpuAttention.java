package dev.culebra.runtime.cpu;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

import dev.culebra.bindings.onednn.dnnl;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.HostStorage;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.onednn.Attributes;
import dev.culebra.runtime.onednn.Engine;
import dev.culebra.runtime.onednn.MemoryDescriptor;
import dev.culebra.runtime.onednn.Primitive;
import dev.culebra.runtime.onednn.Primitives;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.Attention;
import dev.culebra.runtime.operation.AttentionSpec;
import dev.culebra.runtime.operation.OwningOperation;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

/**
 * Causal attention, one sequence with all its heads at a time: the weights P of one sequence are all that is ever held,
 * and the backward pass computes them again.
 *
 * <p>Queries, keys and values are read, and their gradients written, where they lie in the packed tensor: oneDNN takes
 * the strides.
 */
final class CpuAttention extends OwningOperation implements Attention {
    private final AttentionSpec spec;
    private final Arguments arguments;
    private final DataType type;
    private final HostStorage mask;
    private final HostStorage scores;
    private final HostStorage probabilities;
    private final HostStorage probabilityGradients;
    private final HostStorage scoreGradients;
    private final Primitive score;
    private final Primitive softmax;
    private final Primitive mix;
    private final Primitive probabilityGradient;
    private final Primitive softmaxGradient;
    private final Primitive queryGradient;
    private final Primitive keyGradient;
    private final Primitive valueGradient;

    CpuAttention(CpuBackend backend, AttentionSpec spec) {
        this.spec = spec;
        this.arguments = backend.arguments();
        this.type = backend.activationType();
        Engine engine = backend.engine();
        int m = spec.heads();
        int t = spec.sequenceLength();
        int d = spec.headSize();
        long width = spec.width();
        long[] perHead = {m, t, d};
        long[] perHeadTransposed = {m, d, t};
        long weights = (long) m * t * t;
        try (MemoryDescriptor packed = MemoryDescriptor.strided(type, perHead, new long[] {d, 3 * width, 1});
                MemoryDescriptor packedTransposed = MemoryDescriptor.strided(type, perHeadTransposed,
                        new long[] {d, 1, 3 * width});
                MemoryDescriptor merged = MemoryDescriptor.strided(type, perHead, new long[] {d, width, 1});
                MemoryDescriptor wide = MemoryDescriptor.rowMajor(DataType.F32, m, t, t);
                MemoryDescriptor square = MemoryDescriptor.rowMajor(type, m, t, t);
                MemoryDescriptor squareTransposed = MemoryDescriptor.strided(type, new long[] {m, t, t},
                        new long[] {(long) t * t, 1, t});
                MemoryDescriptor maskLayout = MemoryDescriptor.rowMajor(DataType.F32, 1, t, t);
                Attributes scaleAndMask = new Attributes().linear(scale(), 0).add(maskLayout);
                Attributes scaled = new Attributes().linear(scale(), 0);
                Attributes none = new Attributes()) {
            // What is not a causal pair gets -infinity added to its score, so that its softmax is exactly 0.
            mask = own(causalMask(backend, t));
            scores = own(backend.engine().allocate(weights * Float.BYTES));
            probabilities = own(backend.engine().allocate(weights * type.bytes()));
            probabilityGradients = own(backend.engine().allocate(weights * type.bytes()));
            scoreGradients = own(backend.engine().allocate(weights * type.bytes()));
            Optional<MemoryDescriptor> noBias = Optional.empty();
            score = own(Primitives.matmul(engine, packed, packedTransposed, noBias, wide, scaleAndMask)
                    .argument(Attributes.operand(1), maskLayout));
            softmax = own(Primitives.softmax(engine, false, wide, square, 2));
            mix = own(Primitives.matmul(engine, square, packed, noBias, merged, none));
            probabilityGradient = own(
                    Primitives.matmul(engine, merged, packedTransposed, noBias, square, none));
            softmaxGradient = own(Primitives.softmaxBackward(engine, square, 2));
            queryGradient = own(Primitives.matmul(engine, square, packed, noBias, packed, scaled));
            keyGradient = own(Primitives.matmul(engine, squareTransposed, packed, noBias, packed, scaled));
            valueGradient = own(Primitives.matmul(engine, squareTransposed, merged, noBias, packed, none));
            score.at(Attributes.operand(1), mask.segment().address());
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    private float scale() {
        return (float) spec.scale();
    }

    private static HostStorage causalMask(CpuBackend backend, int t) {
        HostStorage storage = backend.engine().allocate((long) t * t * Float.BYTES);
        MemorySegment values = storage.segment();
        for (int query = 0; query < t; query++) {
            for (int key = query + 1; key < t; key++) {
                values.setAtIndex(JAVA_FLOAT, (long) query * t + key, Float.NEGATIVE_INFINITY);
            }
        }
        return storage;
    }

    @Override
    public AttentionSpec spec() {
        return spec;
    }

    @Override
    public void forward(Tensor queriesKeysValues, Tensor logSumExp, Tensor output) {
        if (arguments.attentionForward(spec, queriesKeysValues, logSumExp, output)) {
            return;
        }
        for (int b = 0; b < spec.batch(); b++) {
            long packed = sequence(queriesKeysValues, b);
            computeProbabilities(packed, probabilities.segment().address());
            mix.at(dnnl.DNNL_ARG_SRC, probabilities.segment().address()).at(dnnl.DNNL_ARG_WEIGHTS, values(packed))
                    .at(dnnl.DNNL_ARG_DST, sequence(output, b)).execute();
        }
    }

    @Override
    public void backward(Tensor queriesKeysValues, Tensor logSumExp, Tensor output, Tensor dOutput,
            Tensor dQueriesKeysValues) {
        if (arguments.attentionBackward(spec, queriesKeysValues, logSumExp, output, dOutput, dQueriesKeysValues)) {
            return;
        }
        long p = probabilities.segment().address();
        long dp = probabilityGradients.segment().address();
        long ds = scoreGradients.segment().address();
        for (int b = 0; b < spec.batch(); b++) {
            long packed = sequence(queriesKeysValues, b);
            long gradient = sequence(dOutput, b);
            long result = sequence(dQueriesKeysValues, b);
            computeProbabilities(packed, p);
            valueGradient.at(dnnl.DNNL_ARG_SRC, p).at(dnnl.DNNL_ARG_WEIGHTS, gradient)
                    .at(dnnl.DNNL_ARG_DST, values(result)).execute();
            probabilityGradient.at(dnnl.DNNL_ARG_SRC, gradient).at(dnnl.DNNL_ARG_WEIGHTS, values(packed))
                    .at(dnnl.DNNL_ARG_DST, dp).execute();
            softmaxGradient.at(dnnl.DNNL_ARG_DST, p).at(dnnl.DNNL_ARG_DIFF_DST, dp).at(dnnl.DNNL_ARG_DIFF_SRC, ds)
                    .execute();
            queryGradient.at(dnnl.DNNL_ARG_SRC, ds).at(dnnl.DNNL_ARG_WEIGHTS, keys(packed))
                    .at(dnnl.DNNL_ARG_DST, queries(result)).execute();
            keyGradient.at(dnnl.DNNL_ARG_SRC, ds).at(dnnl.DNNL_ARG_WEIGHTS, queries(packed))
                    .at(dnnl.DNNL_ARG_DST, keys(result)).execute();
        }
    }

    @Override
    public void weights(Tensor queriesKeysValues, Tensor weights) {
        if (arguments.attentionWeights(spec, queriesKeysValues, weights)) {
            return;
        }
        for (int b = 0; b < spec.batch(); b++) {
            computeProbabilities(sequence(queriesKeysValues, b), sequence(weights, b));
        }
    }

    /** P of one sequence, (m, T, T), from its packed queries and keys. */
    private void computeProbabilities(long packed, long target) {
        long s = scores.segment().address();
        score.at(dnnl.DNNL_ARG_SRC, queries(packed)).at(dnnl.DNNL_ARG_WEIGHTS, keys(packed))
                .at(dnnl.DNNL_ARG_DST, s).execute();
        softmax.at(dnnl.DNNL_ARG_SRC, s).at(dnnl.DNNL_ARG_DST, target).execute();
    }

    private long sequence(Tensor tensor, int b) {
        return tensor.address() + tensor.bytes() / spec.batch() * b;
    }

    private long queries(long packed) {
        return packed;
    }

    private long keys(long packed) {
        return packed + (long) spec.width() * type.bytes();
    }

    private long values(long packed) {
        return packed + 2L * spec.width() * type.bytes();
    }
}
