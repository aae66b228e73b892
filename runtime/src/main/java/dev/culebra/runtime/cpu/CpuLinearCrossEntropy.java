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
 * The classifier and its loss, a chunk of rows at a time: one buffer holds a chunk's logits, then, a block of rows after
 * the other, its softmax P, then the gradient of the logits, all in single precision. In bfloat16 P has room for a block
 * only, small enough to stay in the caches until the gradient has been made of it, which has a buffer of its own.
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
    /** A block has so many rows for each thread, of the study's vocabulary a megabyte. */
    private static final int BLOCK_ROWS = 8;
    /** Rows of logits start at multiples of 64 bytes. */
    private static final int ALIGNMENT = 16;
    /** A softmax below this is not trusted to be a normal number with all its digits. */
    private static final float SMALLEST_PROBABILITY = 1e-30f;

    private final LinearCrossEntropySpec spec;
    private final Arguments arguments;
    private final CpuBackend backend;
    private final int stride;
    private final int blockRows;
    private final HostStorage logits;
    /** A block's softmax, if not in the place of its logits. */
    private final Optional<HostStorage> wide;
    /** The gradient of a chunk's logits, if not in their place. */
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
        blockRows = Math.min(BLOCK_ROWS * backend.loop().threads(), chunkRows);
        boolean inPlace = backend.activationType() == DataType.F32;
        try {
            logits = own(backend.engine().allocate((long) chunkRows * stride * Float.BYTES));
            wide = inPlace
                    ? Optional.empty()
                    : Optional.of(own(backend.engine().allocate((long) blockRows * stride * Float.BYTES)));
            narrow = inPlace
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
        final Block block;
        final Optional<Block> lastBlock;
        final Primitive logitsOfHidden;
        final Primitive logSoftmax;
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
                    Attributes none = new Attributes();
                    Attributes accumulate = new Attributes().accumulate()) {
                int blockRows = Math.min(CpuLinearCrossEntropy.this.blockRows, rows);
                block = own(new Block(blockRows));
                lastBlock = rows % blockRows == 0 ? Optional.empty() : Optional.of(own(new Block(rows % blockRows)));
                logitsOfHidden = own(Primitives.matmul(engine, hidden, forwardTable, Optional.empty(), wide, none));
                logSoftmax = own(Primitives.softmax(engine, true, padded, padded, 1));
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

        /** That of the row {@code first}, which starts one. */
        Block blockAt(int first) {
            return rows - first >= block.rows ? block : lastBlock.orElseThrow();
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

    /** The softmax of some of a chunk's rows, and the gradient that is made of it. */
    private final class Block extends OwningOperation {
        final int rows;
        private final Primitive softmax;
        private final Optional<Primitive> narrowing;

        Block(int rows) {
            this.rows = rows;
            try (MemoryDescriptor padded = MemoryDescriptor.rowMajor(DataType.F32, rows, stride);
                    MemoryDescriptor narrowPadded = MemoryDescriptor.rowMajor(backend.activationType(), rows, stride);
                    Attributes none = new Attributes()) {
                softmax = own(Primitives.softmax(backend.engine(), false, padded, padded, 1));
                narrowing = narrow.isEmpty()
                        ? Optional.empty()
                        : Optional.of(own(Primitives.reorder(backend.engine(), padded, narrowPadded, none)));
            } catch (Throwable failure) {
                closeAfter(failure);
                throw failure;
            }
        }

        /** The softmax of the rows of logits given, perhaps in their place. */
        MemorySegment softmax(MemorySegment scores) {
            MemorySegment result = wide.map(HostStorage::segment).orElse(scores);
            softmax.at(dnnl.DNNL_ARG_SRC, scores.address()).at(dnnl.DNNL_ARG_DST, result.address()).execute();
            return result;
        }

        /** Puts the gradient of the logits where those of the chunk are gathered, its rows from {@code first} on. */
        void gather(MemorySegment gradient, int first) {
            narrowing.ifPresent(primitive -> primitive.at(dnnl.DNNL_ARG_FROM, gradient.address())
                    .at(dnnl.DNNL_ARG_TO, narrow.orElseThrow().segment().address()
                            + (long) first * stride * backend.activationType().bytes())
                    .execute());
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
            Chunk chunk = chunkAt(row);
            chunk.computeLogits(rowAddress(hidden, row), table);
            for (int first = 0; first < chunk.rows; first += chunk.block.rows) {
                losses(chunk.blockAt(first), rowsFrom(first), row + first, hidden, table, targets, weights, nll);
            }
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
            chunk.computeLogits(rowAddress(hidden, row), table);
            for (int first = 0; first < chunk.rows; first += chunk.block.rows) {
                Block block = chunk.blockAt(first);
                MemorySegment softmax = losses(block, rowsFrom(first), row + first, hidden, table, targets, weights,
                        nll);
                takeOutTargets(block, softmax, row, first, targets, weights);
                block.gather(softmax, first);
            }
            long gradient = narrow.orElse(logits).segment().address();
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

    /** The logits of a chunk's rows from {@code first} on. */
    private MemorySegment rowsFrom(int first) {
        return logits.segment().asSlice((long) first * stride * Float.BYTES);
    }

    private long rowAddress(Tensor tensor, int row) {
        return tensor.address() + (long) row * spec.width() * tensor.type().bytes();
    }

    /** The softmax of a block's rows; leaves their losses in nll. */
    private MemorySegment losses(Block block, MemorySegment scores, int firstRow, Tensor hidden, Tensor table,
            Tensor targets, Tensor weights, Tensor nll) {
        MemorySegment target = targets.segment();
        MemorySegment loss = nll.segment();
        // Until the softmax has overwritten the logits, nll holds the targets' logits.
        for (int r = 0; r < block.rows; r++) {
            loss.setAtIndex(JAVA_FLOAT, firstRow + r, scores.getAtIndex(JAVA_FLOAT, index(r, target, firstRow + r)));
        }
        MemorySegment softmax = block.softmax(scores);
        for (int r = 0; r < block.rows; r++) {
            int row = firstRow + r;
            if (weights.segment().getAtIndex(JAVA_FLOAT, row) == 0) {
                loss.setAtIndex(JAVA_FLOAT, row, 0);
                continue;
            }
            float logit = loss.getAtIndex(JAVA_FLOAT, row);
            float probability = softmax.getAtIndex(JAVA_FLOAT, index(r, target, row));
            // logSumExp - logit is -log of the target's softmax, with all digits as long as that is a normal number;
            // where it is not, logSumExp is had from the row's largest softmax, which is at least 1 / V.
            double value = probability > SMALLEST_PROBABILITY || Float.isNaN(probability)
                    ? -Math.log(probability)
                    : logSumExp(softmax, r, row, hidden, table) - logit;
            loss.setAtIndex(JAVA_FLOAT, row, (float) value);
        }
        return softmax;
    }

    /** Where the target of a row lies in the {@code r}-th row of a buffer. */
    private long index(int r, MemorySegment targets, int row) {
        return (long) r * stride + targets.getAtIndex(JAVA_INT, row);
    }

    /**
     * The logit of the most probable class, computed anew from the numbers the matmul saw, which has the table in the
     * activations' type, minus the logarithm of its softmax.
     */
    private double logSumExp(MemorySegment softmax, int r, int row, Tensor hidden, Tensor table) {
        long start = (long) r * stride;
        int best = 0;
        for (int v = 1; v < spec.vocabulary(); v++) {
            if (softmax.getAtIndex(JAVA_FLOAT, start + v) > softmax.getAtIndex(JAVA_FLOAT, start + best)) {
                best = v;
            }
        }
        double logit = 0;
        for (int e = 0; e < spec.width(); e++) {
            float weight = table.segment().getAtIndex(JAVA_FLOAT, (long) best * spec.width() + e);
            logit += (double) Elements.get(hidden.segment(), hidden.type(), (long) row * spec.width() + e)
                    * Elements.rounded(hidden.type(), weight);
        }
        return logit - Math.log(softmax.getAtIndex(JAVA_FLOAT, start + best));
    }

    /**
     * Leaves the unweighted gradient of the logits but for the targets, which are 0 and remembered, and 0 in all of a row
     * of weight 0: what does not count may be NaN.
     */
    private void takeOutTargets(Block block, MemorySegment softmax, int firstRow, int first, Tensor targets,
            Tensor weights) {
        for (int r = 0; r < block.rows; r++) {
            int row = firstRow + first + r;
            if (weights.segment().getAtIndex(JAVA_FLOAT, row) == 0) {
                softmax.asSlice((long) r * stride * Float.BYTES, (long) stride * Float.BYTES).fill((byte) 0);
                targetGradients[first + r] = 0;
                continue;
            }
            long index = index(r, targets.segment(), row);
            targetGradients[first + r] = softmax.getAtIndex(JAVA_FLOAT, index) - 1;
            softmax.setAtIndex(JAVA_FLOAT, index, 0);
        }
    }

    /** Makes the gradient of the logits whole, in the activations' type. */
    private void putBackTargets(Chunk chunk, int firstRow, Tensor targets) {
        MemorySegment gradient = narrow.orElse(logits).segment();
        for (int r = 0; r < chunk.rows; r++) {
            Elements.set(gradient, backend.activationType(), index(r, targets.segment(), firstRow + r),
                    targetGradients[r]);
        }
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
