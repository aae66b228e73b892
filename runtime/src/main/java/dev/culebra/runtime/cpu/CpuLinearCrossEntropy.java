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
import dev.culebra.runtime.operation.LinearCrossEntropy;
import dev.culebra.runtime.operation.LinearCrossEntropySpec;
import dev.culebra.runtime.operation.OwningOperation;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

/**
 * The classifier and its loss, a chunk of rows at a time: one buffer holds a chunk's logits, then its softmax P, then
 * the gradient of the logits, all in single precision.
 *
 * <p>The weight of a row is never multiplied into that buffer: it scales the row of dHidden, and for the table's gradient
 * the row of hidden, which are fifty times shorter.
 *
 * <p>dHidden = (P - one-hot) table is made of two parts, the product with P whose targets are 0, and the targets' own
 * rows: added up with the others, the target's term, often ten thousand times theirs, would cost all that follow it
 * their last digits.
 */
final class CpuLinearCrossEntropy extends OwningOperation implements LinearCrossEntropy {
    /** More rows make the products no faster; fewer read the table from memory more often. */
    private static final int CHUNK_ROWS = 256;
    /** Rows of logits start at multiples of 64 bytes. */
    private static final int ALIGNMENT = 16;
    /** A softmax below this is not trusted to be a normal number with all its digits. */
    private static final float SMALLEST_PROBABILITY = 1e-30f;

    private final LinearCrossEntropySpec spec;
    private final Arguments arguments;
    private final CpuBackend backend;
    private final int stride;
    private final HostStorage logits;
    private final Optional<HostStorage> narrow;
    private final HostStorage scaledHidden;
    /** Of each row of a chunk the gradient of its target's logit, softmax - 1. */
    private final float[] targetGradients;
    private final PackedTable table;
    private final Chunk whole;
    private final Optional<Chunk> rest;

    CpuLinearCrossEntropy(CpuBackend backend, LinearCrossEntropySpec spec) {
        this.spec = spec;
        this.arguments = backend.arguments();
        this.backend = backend;
        this.stride = Math.ceilDiv(spec.vocabulary(), ALIGNMENT) * ALIGNMENT;
        int chunkRows = Math.min(CHUNK_ROWS, spec.rows());
        try {
            logits = own(backend.engine().allocate((long) chunkRows * stride * Float.BYTES));
            narrow = backend.activationType() == DataType.F32
                    ? Optional.empty()
                    : Optional.of(own(backend.engine().allocate(
                            (long) chunkRows * stride * backend.activationType().bytes())));
            scaledHidden = own(backend.engine().allocate(
                    (long) chunkRows * spec.width() * backend.activationType().bytes()));
            targetGradients = new float[chunkRows];
            whole = own(new Chunk(chunkRows, Optional.empty()));
            rest = spec.rows() % chunkRows == 0
                    ? Optional.empty()
                    : Optional.of(own(new Chunk(spec.rows() % chunkRows, Optional.of(whole))));
            table = own(new PackedTable(whole));
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    /** The primitives for some number of rows. */
    private final class Chunk extends OwningOperation {
        final int rows;
        final Primitive logitsOfHidden;
        final Primitive softmax;
        final Primitive logSoftmax;
        final Optional<Primitive> narrowing;
        final Primitive hiddenGradient;
        final Primitive firstTableGradient;
        final Primitive furtherTableGradient;

        /** A chunk that reads the table as {@code packedFor} does, or, without one, as it is fastest. */
        Chunk(int rows, Optional<Chunk> packedFor) {
            this.rows = rows;
            Engine engine = backend.engine();
            DataType type = backend.activationType();
            int width = spec.width();
            int vocabulary = spec.vocabulary();
            long[] sizes = {rows, vocabulary};
            long[] strides = {stride, 1};
            try (MemoryDescriptor hidden = MemoryDescriptor.rowMajor(type, rows, width);
                    MemoryDescriptor forwardTable = packedFor
                            .map(chunk -> chunk.logitsOfHidden.layout(dnnl.DNNL_ARG_WEIGHTS))
                            .orElseGet(() -> MemoryDescriptor.any(type, width, vocabulary));
                    MemoryDescriptor backwardTable = packedFor
                            .map(chunk -> chunk.hiddenGradient.layout(dnnl.DNNL_ARG_WEIGHTS))
                            .orElseGet(() -> MemoryDescriptor.any(type, vocabulary, width));
                    MemoryDescriptor wide = MemoryDescriptor.strided(DataType.F32, sizes, strides);
                    MemoryDescriptor gradient = MemoryDescriptor.strided(type, sizes, strides);
                    MemoryDescriptor transposed = MemoryDescriptor.strided(type, new long[] {vocabulary, rows},
                            new long[] {1, stride});
                    MemoryDescriptor dTable = MemoryDescriptor.rowMajor(DataType.F32, vocabulary, width);
                    MemoryDescriptor padded = MemoryDescriptor.rowMajor(DataType.F32, rows, stride);
                    MemoryDescriptor narrowPadded = MemoryDescriptor.rowMajor(type, rows, stride);
                    Attributes none = new Attributes();
                    Attributes accumulate = new Attributes().accumulate()) {
                logitsOfHidden = own(Primitives.matmul(engine, hidden, forwardTable, Optional.empty(), wide, none));
                softmax = own(Primitives.softmax(engine, false, padded, padded, 1));
                logSoftmax = own(Primitives.softmax(engine, true, padded, padded, 1));
                narrowing = type == DataType.F32
                        ? Optional.empty()
                        : Optional.of(own(Primitives.reorder(engine, padded, narrowPadded, none)));
                hiddenGradient = own(
                        Primitives.matmul(engine, gradient, backwardTable, Optional.empty(), hidden, none));
                firstTableGradient = own(
                        Primitives.matmul(engine, transposed, hidden, Optional.empty(), dTable, none));
                furtherTableGradient = own(
                        Primitives.matmul(engine, transposed, hidden, Optional.empty(), dTable, accumulate));
            } catch (Throwable failure) {
                closeAfter(failure);
                throw failure;
            }
        }

        void computeLogits(long hidden, Tensor weights) {
            logitsOfHidden.at(dnnl.DNNL_ARG_SRC, hidden)
                    .at(dnnl.DNNL_ARG_WEIGHTS, table.forward.address(weights))
                    .at(dnnl.DNNL_ARG_DST, logits.segment().address()).execute();
            // oneDNN's fast softmax takes no gaps between rows: what fills a row up must not count.
            MemorySegment scores = logits.segment();
            for (int r = 0; r < rows; r++) {
                for (int v = spec.vocabulary(); v < stride; v++) {
                    scores.setAtIndex(JAVA_FLOAT, (long) r * stride + v, Float.NEGATIVE_INFINITY);
                }
            }
        }
    }

    /** The table as the two products want it; frozen, it is packed once. */
    private final class PackedTable extends OwningOperation {
        final PackedWeight forward;
        final PackedWeight backward;

        PackedTable(Chunk user) {
            int width = spec.width();
            int vocabulary = spec.vocabulary();
            try (MemoryDescriptor original = MemoryDescriptor.rowMajor(DataType.F32, vocabulary, width);
                    MemoryDescriptor transposed = MemoryDescriptor.strided(DataType.F32,
                            new long[] {width, vocabulary}, new long[] {1, width})) {
                forward = own(new PackedWeight(backend.engine(), transposed, user.logitsOfHidden,
                        dnnl.DNNL_ARG_WEIGHTS));
                backward = own(new PackedWeight(backend.engine(), original, user.hiddenGradient,
                        dnnl.DNNL_ARG_WEIGHTS));
            } catch (Throwable failure) {
                closeAfter(failure);
                throw failure;
            }
        }
    }

    @Override
    public LinearCrossEntropySpec spec() {
        return spec;
    }

    @Override
    public void forward(Tensor hidden, Tensor table, Tensor targets, Tensor weights, Tensor nll) {
        if (arguments.lossForward(spec, hidden, table, targets, weights, nll)) {
            return;
        }
        for (int row = 0; row < spec.rows(); row += whole.rows) {
            losses(chunkAt(row), row, hidden, table, targets, weights, nll);
        }
    }

    @Override
    public void forwardBackward(Tensor hidden, Tensor table, Tensor targets, Tensor weights, Tensor nll, Tensor dHidden,
            Tensor dTable) {
        if (arguments.lossForwardBackward(spec, hidden, table, targets, weights, nll, dHidden, dTable)) {
            return;
        }
        for (int row = 0; row < spec.rows(); row += whole.rows) {
            Chunk chunk = chunkAt(row);
            losses(chunk, row, hidden, table, targets, weights, nll);
            takeOutTargets(chunk, row, targets, weights);
            long gradient = narrowed(chunk);
            chunk.hiddenGradient.at(dnnl.DNNL_ARG_SRC, gradient)
                    .at(dnnl.DNNL_ARG_WEIGHTS, this.table.backward.address(table))
                    .at(dnnl.DNNL_ARG_DST, rowAddress(dHidden, row)).execute();
            if (spec.learnTable()) {
                putBackTargets(chunk, row, targets);
                scaleHidden(chunk, row, hidden, weights);
                (row == 0 ? chunk.firstTableGradient : chunk.furtherTableGradient)
                        .at(dnnl.DNNL_ARG_SRC, gradient)
                        .at(dnnl.DNNL_ARG_WEIGHTS, scaledHidden.segment().address())
                        .at(dnnl.DNNL_ARG_DST, dTable.address()).execute();
            }
            addTargetsAndScale(chunk, row, table, targets, weights, dHidden);
        }
    }

    @Override
    public void logProbabilities(Tensor hidden, Tensor table, Tensor logProbabilities) {
        if (arguments.logProbabilities(spec, hidden, table, logProbabilities)) {
            return;
        }
        for (int row = 0; row < spec.rows(); row += whole.rows) {
            Chunk chunk = chunkAt(row);
            chunk.computeLogits(rowAddress(hidden, row), table);
            MemorySegment scores = logits.segment();
            chunk.logSoftmax.at(dnnl.DNNL_ARG_SRC, scores.address()).at(dnnl.DNNL_ARG_DST, scores.address()).execute();
            long rowBytes = (long) spec.vocabulary() * Float.BYTES;
            for (int r = 0; r < chunk.rows; r++) {
                MemorySegment.copy(scores, (long) r * stride * Float.BYTES, logProbabilities.segment(),
                        (row + r) * rowBytes, rowBytes);
            }
        }
    }

    private Chunk chunkAt(int row) {
        return spec.rows() - row >= whole.rows ? whole : rest.orElseThrow();
    }

    private long rowAddress(Tensor tensor, int row) {
        return tensor.address() + (long) row * spec.width() * tensor.type().bytes();
    }

    /** Leaves the softmax in the buffer and the rows' losses in nll. */
    private void losses(Chunk chunk, int firstRow, Tensor hidden, Tensor table, Tensor targets, Tensor weights,
            Tensor nll) {
        chunk.computeLogits(rowAddress(hidden, firstRow), table);
        MemorySegment scores = logits.segment();
        MemorySegment target = targets.segment();
        MemorySegment loss = nll.segment();
        // Until the softmax has overwritten the logits, nll holds the targets' logits.
        for (int r = 0; r < chunk.rows; r++) {
            loss.setAtIndex(JAVA_FLOAT, firstRow + r, scores.getAtIndex(JAVA_FLOAT, index(r, target, firstRow)));
        }
        chunk.softmax.at(dnnl.DNNL_ARG_SRC, scores.address()).at(dnnl.DNNL_ARG_DST, scores.address()).execute();
        for (int r = 0; r < chunk.rows; r++) {
            int row = firstRow + r;
            if (weights.segment().getAtIndex(JAVA_FLOAT, row) == 0) {
                loss.setAtIndex(JAVA_FLOAT, row, 0);
                continue;
            }
            float logit = loss.getAtIndex(JAVA_FLOAT, row);
            float probability = scores.getAtIndex(JAVA_FLOAT, index(r, target, firstRow));
            // logSumExp - logit is -log of the target's softmax, with all digits as long as that is a normal number;
            // where it is not, logSumExp is had from the row's largest softmax, which is at least 1 / V.
            double value = probability > SMALLEST_PROBABILITY || Float.isNaN(probability)
                    ? -Math.log(probability)
                    : logSumExp(r, row, hidden, table) - logit;
            loss.setAtIndex(JAVA_FLOAT, row, (float) value);
        }
    }

    private long index(int chunkRow, MemorySegment targets, int firstRow) {
        return (long) chunkRow * stride + targets.getAtIndex(JAVA_INT, firstRow + chunkRow);
    }

    /**
     * The logit of the most probable class, computed anew from the numbers the matmul saw, which has the table in the
     * activations' type, minus the logarithm of its softmax.
     */
    private double logSumExp(int chunkRow, int row, Tensor hidden, Tensor table) {
        long start = (long) chunkRow * stride;
        int best = 0;
        for (int v = 1; v < spec.vocabulary(); v++) {
            if (logits.segment().getAtIndex(JAVA_FLOAT, start + v) > logits.segment().getAtIndex(JAVA_FLOAT,
                    start + best)) {
                best = v;
            }
        }
        double logit = 0;
        for (int e = 0; e < spec.width(); e++) {
            float weight = table.segment().getAtIndex(JAVA_FLOAT, (long) best * spec.width() + e);
            logit += (double) Elements.get(hidden.segment(), hidden.type(), (long) row * spec.width() + e)
                    * Elements.rounded(hidden.type(), weight);
        }
        return logit - Math.log(logits.segment().getAtIndex(JAVA_FLOAT, start + best));
    }

    /**
     * Leaves the unweighted gradient of the logits but for the targets, which are 0 and remembered, and 0 in all of a row
     * of weight 0: what does not count may be NaN.
     */
    private void takeOutTargets(Chunk chunk, int firstRow, Tensor targets, Tensor weights) {
        MemorySegment scores = logits.segment();
        for (int r = 0; r < chunk.rows; r++) {
            if (weights.segment().getAtIndex(JAVA_FLOAT, firstRow + r) == 0) {
                scores.asSlice((long) r * stride * Float.BYTES, (long) stride * Float.BYTES).fill((byte) 0);
                targetGradients[r] = 0;
                continue;
            }
            long index = index(r, targets.segment(), firstRow);
            targetGradients[r] = scores.getAtIndex(JAVA_FLOAT, index) - 1;
            scores.setAtIndex(JAVA_FLOAT, index, 0);
        }
    }

    /** Makes the gradient of the logits whole, in the activations' type. */
    private void putBackTargets(Chunk chunk, int firstRow, Tensor targets) {
        MemorySegment gradient = narrow.orElse(logits).segment();
        for (int r = 0; r < chunk.rows; r++) {
            Elements.set(gradient, backend.activationType(), index(r, targets.segment(), firstRow), targetGradients[r]);
        }
    }

    /** The address of the gradient of the logits in the activations' type. */
    private long narrowed(Chunk chunk) {
        long wide = logits.segment().address();
        if (chunk.narrowing.isEmpty()) {
            return wide;
        }
        long address = narrow.orElseThrow().segment().address();
        chunk.narrowing.get().at(dnnl.DNNL_ARG_FROM, wide).at(dnnl.DNNL_ARG_TO, address).execute();
        return address;
    }

    /** scaledHidden[r] ← weights[firstRow + r] hidden[firstRow + r] for each row r of a chunk, 0 for weight 0. */
    private void scaleHidden(Chunk chunk, int firstRow, Tensor hidden, Tensor weights) {
        DataType type = backend.activationType();
        int width = spec.width();
        MemorySegment source = hidden.segment();
        MemorySegment target = scaledHidden.segment();
        MemorySegment factors = weights.segment();
        backend.loop().run(chunk.rows, 32, (from, to) -> {
            for (long r = from; r < to; r++) {
                float factor = factors.getAtIndex(JAVA_FLOAT, firstRow + r);
                if (factor == 0) {
                    clearRow(target, r);
                } else {
                    Elements.scale(type, source, (firstRow + r) * width, factor, target, r * width, width);
                }
            }
        });
    }

    /** dHidden[row] ← weights[row] (dHidden[row] + targetGradients[r] table[targets[row]]), 0 for weight 0. */
    private void addTargetsAndScale(Chunk chunk, int firstRow, Tensor table, Tensor targets, Tensor weights,
            Tensor dHidden) {
        DataType type = backend.activationType();
        int width = spec.width();
        MemorySegment rows = table.segment();
        MemorySegment ids = targets.segment();
        MemorySegment factors = weights.segment();
        MemorySegment gradient = dHidden.segment();
        backend.loop().run(chunk.rows, 32, (from, to) -> {
            for (long r = from; r < to; r++) {
                long row = firstRow + r;
                float factor = factors.getAtIndex(JAVA_FLOAT, row);
                if (factor == 0) {
                    clearRow(gradient, row);
                } else {
                    Elements.addScaled(type, rows, (long) ids.getAtIndex(JAVA_INT, row) * width,
                            targetGradients[(int) r], factor, gradient, row * width, width);
                }
            }
        });
    }

    private void clearRow(MemorySegment matrix, long row) {
        long bytes = (long) spec.width() * backend.activationType().bytes();
        matrix.asSlice(row * bytes, bytes).fill((byte) 0);
    }
}
