package dev.culebra.runtime.cpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
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
 * the strides. Products with the weights leave out the blocks above the diagonal, where these are 0: of 256 positions a
 * quarter. The scores are one product, since oneDNN is slow to add a mask to blocks.
 */
final class CpuAttention extends OwningOperation implements Attention {
    /** Queries, or keys, of a block. Smaller ones leave out more, but are more products. */
    private static final int BLOCK = 128;

    private final AttentionSpec spec;
    private final Arguments arguments;
    private final DataType type;
    private final HostStorage scores;
    private final HostStorage probabilities;
    private final HostStorage probabilityGradients;
    private final HostStorage scoreGradients;
    private final HostStorage mask;
    private final Primitive score;
    private final Primitive softmax;
    private final Primitive softmaxGradient;
    private final Product mix = new Product();
    private final Product probabilityGradient = new Product();
    private final Product queryGradient = new Product();
    private final Product keyGradient = new Product();
    private final Product valueGradient = new Product();

    CpuAttention(CpuBackend backend, AttentionSpec spec) {
        this.spec = spec;
        this.arguments = backend.arguments();
        this.type = backend.activationType();
        Engine engine = backend.engine();
        int m = spec.heads();
        int t = spec.sequenceLength();
        long weights = (long) m * t * t;
        try (MemoryDescriptor wide = MemoryDescriptor.rowMajor(DataType.F32, m, t, t);
                MemoryDescriptor square = MemoryDescriptor.rowMajor(type, m, t, t);
                MemoryDescriptor queries = packed(t);
                MemoryDescriptor keys = packedTransposed(t);
                MemoryDescriptor maskLayout = MemoryDescriptor.rowMajor(DataType.F32, 1, t, t);
                Attributes scaleAndMask = new Attributes().linear(scale(), 0).add(maskLayout)) {
            // What is not a causal pair gets -infinity added to its score, so that its softmax is exactly 0.
            mask = own(causalMask(engine, t));
            score = matmul(engine, queries, keys, wide, scaleAndMask).argument(Attributes.operand(1), maskLayout)
                    .at(Attributes.operand(1), mask.segment().address());
            scores = own(engine.allocate(weights * Float.BYTES));
            probabilities = own(engine.allocate(weights * type.bytes()));
            // No product writes above the blocks of the diagonal: the zeros there stay.
            probabilityGradients = own(engine.allocate(weights * type.bytes()));
            scoreGradients = own(engine.allocate(weights * type.bytes()));
            softmax = own(Primitives.softmax(engine, false, wide, square, 2));
            softmaxGradient = own(Primitives.softmaxBackward(engine, square, 2));
            for (int from = 0; from < t; from += BLOCK) {
                int to = Math.min(t, from + BLOCK);
                addQueries(engine, from, to);
                addKeys(engine, from, to);
            }
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    /** A product of all heads, made of products of blocks. */
    private static final class Product {
        private final List<Part> parts = new ArrayList<>();

        /** One of them, and where its operands start in the whole's, in bytes. */
        private record Part(Primitive product, long source, long weights, long destination) {}

        void add(Primitive product, long source, long weights, long destination) {
            parts.add(new Part(product, source, weights, destination));
        }

        void run(long source, long weights, long destination) {
            for (Part part : parts) {
                part.product.at(dnnl.DNNL_ARG_SRC, source + part.source)
                        .at(dnnl.DNNL_ARG_WEIGHTS, weights + part.weights)
                        .at(dnnl.DNNL_ARG_DST, destination + part.destination).execute();
            }
        }
    }

    /** The products whose results belong to queries {@code from} to {@code to}: they see the keys before {@code to}. */
    private void addQueries(Engine engine, int from, int to) {
        int rows = to - from;
        try (MemoryDescriptor queries = packed(rows);
                MemoryDescriptor keys = packed(to);
                MemoryDescriptor transposedKeys = packedTransposed(to);
                MemoryDescriptor merged = merged(rows);
                MemoryDescriptor square = square(rows, to);
                Attributes scaled = new Attributes().linear(scale(), 0);
                Attributes none = new Attributes()) {
            mix.add(matmul(engine, square, keys, merged, none), squareBytes(from, 0), 0, mergedBytes(from));
            probabilityGradient.add(matmul(engine, merged, transposedKeys, square, none), mergedBytes(from), 0,
                    squareBytes(from, 0));
            queryGradient.add(matmul(engine, square, keys, queries, scaled), squareBytes(from, 0), 0,
                    packedBytes(from));
        }
    }

    /** The products whose results belong to keys {@code from} to {@code to}: the queries from {@code from} on see them. */
    private void addKeys(Engine engine, int from, int to) {
        int seeing = spec.sequenceLength() - from;
        try (MemoryDescriptor keys = packed(to - from);
                MemoryDescriptor queries = packed(seeing);
                MemoryDescriptor merged = merged(seeing);
                MemoryDescriptor transposed = squareTransposed(to - from, seeing);
                Attributes scaled = new Attributes().linear(scale(), 0);
                Attributes none = new Attributes()) {
            keyGradient.add(matmul(engine, transposed, queries, keys, scaled), squareBytes(from, from),
                    packedBytes(from), packedBytes(from));
            valueGradient.add(matmul(engine, transposed, merged, keys, none), squareBytes(from, from),
                    mergedBytes(from), packedBytes(from));
        }
    }

    private Primitive matmul(Engine engine, MemoryDescriptor source, MemoryDescriptor weights,
            MemoryDescriptor destination, Attributes attributes) {
        return own(Primitives.matmul(engine, source, weights, Optional.empty(), destination, attributes));
    }

    /** Rows of queries, keys or values in the packed tensor, (m, rows, d). */
    private MemoryDescriptor packed(int rows) {
        return MemoryDescriptor.strided(type, new long[] {spec.heads(), rows, spec.headSize()},
                new long[] {spec.headSize(), 3L * spec.width(), 1});
    }

    /** The same as (m, d, rows). */
    private MemoryDescriptor packedTransposed(int rows) {
        return MemoryDescriptor.strided(type, new long[] {spec.heads(), spec.headSize(), rows},
                new long[] {spec.headSize(), 1, 3L * spec.width()});
    }

    /** Rows of the output, (m, rows, d). */
    private MemoryDescriptor merged(int rows) {
        return MemoryDescriptor.strided(type, new long[] {spec.heads(), rows, spec.headSize()},
                new long[] {spec.headSize(), spec.width(), 1});
    }

    /** A block of the square of queries and keys, (m, queries, keys). */
    private MemoryDescriptor square(int queries, int keys) {
        long t = spec.sequenceLength();
        return MemoryDescriptor.strided(type, new long[] {spec.heads(), queries, keys}, new long[] {t * t, t, 1});
    }

    /** The same as (m, keys, queries). */
    private MemoryDescriptor squareTransposed(int keys, int queries) {
        long t = spec.sequenceLength();
        return MemoryDescriptor.strided(type, new long[] {spec.heads(), keys, queries}, new long[] {t * t, 1, t});
    }

    private long packedBytes(int row) {
        return 3L * spec.width() * row * type.bytes();
    }

    private long mergedBytes(int row) {
        return (long) spec.width() * row * type.bytes();
    }

    private long squareBytes(int query, int key) {
        return ((long) query * spec.sequenceLength() + key) * type.bytes();
    }

    private float scale() {
        return (float) spec.scale();
    }

    private static HostStorage causalMask(Engine engine, int t) {
        HostStorage storage = engine.allocate((long) t * t * Float.BYTES);
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
            mix.run(probabilities.segment().address(), values(packed), sequence(output, b));
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
            valueGradient.run(p, gradient, values(result));
            probabilityGradient.run(gradient, values(packed), dp);
            softmaxGradient.at(dnnl.DNNL_ARG_DST, p).at(dnnl.DNNL_ARG_DIFF_DST, dp).at(dnnl.DNNL_ARG_DIFF_SRC, ds)
                    .execute();
            queryGradient.run(ds, keys(packed), queries(result));
            keyGradient.run(ds, queries(packed), keys(result));
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
