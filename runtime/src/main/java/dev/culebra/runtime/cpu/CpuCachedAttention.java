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
import dev.culebra.runtime.operation.CachedAttention;
import dev.culebra.runtime.operation.CachedAttentionSpec;
import dev.culebra.runtime.operation.OwningOperation;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

/**
 * Causal attention with kept keys and values, one sequence with all its heads at a time. Scores are computed for all the room
 * that there is, so that the sizes are always the same; those of positions that a query does not see are masked.
 */
final class CpuCachedAttention extends OwningOperation implements CachedAttention {
    private final CachedAttentionSpec spec;
    private final Arguments arguments;
    private final DataType type;
    private final HostStorage mask; // (N, P)
    private final HostStorage scores; // (m, N, P)
    private final HostStorage probabilities; // (m, N, P)
    private final Primitive score;
    private final Primitive softmax;
    private final Primitive mix;

    CpuCachedAttention(CpuBackend backend, CachedAttentionSpec spec) {
        this.spec = spec;
        this.arguments = backend.arguments();
        this.type = backend.activationType();
        Engine engine = backend.engine();
        int m = spec.heads();
        int n = spec.newPositions();
        int p = spec.capacity();
        int d = spec.headSize();
        long width = spec.width();
        long weights = (long) m * n * p;
        try (MemoryDescriptor queries = MemoryDescriptor.strided(type, new long[] {m, n, d},
                new long[] {d, 3 * width, 1});
                MemoryDescriptor keysTransposed = MemoryDescriptor.strided(type, new long[] {m, d, p},
                        new long[] {d, 1, 2 * width});
                MemoryDescriptor values = MemoryDescriptor.strided(type, new long[] {m, p, d},
                        new long[] {d, 2 * width, 1});
                MemoryDescriptor merged = MemoryDescriptor.strided(type, new long[] {m, n, d},
                        new long[] {d, width, 1});
                MemoryDescriptor wide = MemoryDescriptor.rowMajor(DataType.F32, m, n, p);
                MemoryDescriptor narrow = MemoryDescriptor.rowMajor(type, m, n, p);
                MemoryDescriptor maskLayout = MemoryDescriptor.rowMajor(DataType.F32, 1, n, p);
                Attributes scaleAndMask = new Attributes().linear((float) spec.scale(), 0).add(maskLayout);
                Attributes none = new Attributes()) {
            mask = own(engine.allocate((long) n * p * Float.BYTES));
            scores = own(engine.allocate(weights * Float.BYTES));
            probabilities = own(engine.allocate(weights * type.bytes()));
            Optional<MemoryDescriptor> noBias = Optional.empty();
            score = own(Primitives.matmul(engine, queries, keysTransposed, noBias, wide, scaleAndMask)
                    .argument(Attributes.operand(1), maskLayout));
            softmax = own(Primitives.softmax(engine, false, wide, narrow, 2));
            mix = own(Primitives.matmul(engine, narrow, values, noBias, merged, none));
            score.at(Attributes.operand(1), mask.segment().address());
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    @Override
    public CachedAttentionSpec spec() {
        return spec;
    }

    @Override
    public void forward(Tensor queriesKeysValues, Tensor position, Tensor keysValues, Tensor output) {
        if (arguments.cachedAttention(spec, queriesKeysValues, position, keysValues, output)) {
            return;
        }
        int first = position.toInts()[0];
        hideLaterThan(first);
        long s = scores.segment().address();
        long p = probabilities.segment().address();
        for (int b = 0; b < spec.batch(); b++) {
            keep(queriesKeysValues, b, keysValues, first);
            long packed = queriesKeysValues.address() + queriesKeysValues.bytes() / spec.batch() * b;
            long kept = keysValues.address() + keysValues.bytes() / spec.batch() * b;
            score.at(dnnl.DNNL_ARG_SRC, packed).at(dnnl.DNNL_ARG_WEIGHTS, kept).at(dnnl.DNNL_ARG_DST, s).execute();
            softmax.at(dnnl.DNNL_ARG_SRC, s).at(dnnl.DNNL_ARG_DST, p).execute();
            mix.at(dnnl.DNNL_ARG_SRC, p).at(dnnl.DNNL_ARG_WEIGHTS, kept + (long) spec.width() * type.bytes())
                    .at(dnnl.DNNL_ARG_DST, output.address() + output.bytes() / spec.batch() * b).execute();
        }
    }

    /** What is added to the scores of query n: 0 up to position first + n, then -infinity, so that the softmax is exactly 0. */
    private void hideLaterThan(int first) {
        MemorySegment added = mask.segment();
        for (int n = 0; n < spec.newPositions(); n++) {
            for (int tau = 0; tau < spec.capacity(); tau++) {
                added.setAtIndex(JAVA_FLOAT, (long) n * spec.capacity() + tau,
                        tau <= first + n ? 0 : Float.NEGATIVE_INFINITY);
            }
        }
    }

    /** Copies the keys and values of a sequence's new positions to where they are kept. */
    private void keep(Tensor queriesKeysValues, int b, Tensor keysValues, int first) {
        long width = (long) spec.width() * type.bytes();
        for (int n = 0; n < spec.newPositions(); n++) {
            long from = ((long) b * spec.newPositions() + n) * 3 * width + width;
            long to = ((long) b * spec.capacity() + first + n) * 2 * width;
            MemorySegment.copy(queriesKeysValues.segment(), from, keysValues.segment(), to, 2 * width);
        }
    }
}
