package dev.culebra.runtime.cpu;

import java.lang.foreign.MemorySegment;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.Embedding;
import dev.culebra.runtime.operation.EmbeddingSpec;
import dev.culebra.runtime.operation.OwningOperation;

import static java.lang.foreign.ValueLayout.JAVA_INT;

/**
 * Look-ups, forward in parallel over the tokens, backward over ranges of columns, so that two threads never add to the
 * same number and the order of the sums is always the same.
 */
final class CpuEmbedding extends OwningOperation implements Embedding {
    private final EmbeddingSpec spec;
    private final Arguments arguments;
    private final ParallelLoop loop;
    private final DataType type;

    CpuEmbedding(CpuBackend backend, EmbeddingSpec spec) {
        this.spec = spec;
        this.arguments = backend.arguments();
        this.loop = backend.loop();
        this.type = backend.activationType();
    }

    @Override
    public EmbeddingSpec spec() {
        return spec;
    }

    @Override
    public void forward(Tensor tokens, Tensor tokenTable, Tensor positionTable, Tensor y) {
        if (arguments.embeddingForward(spec, tokens, tokenTable, positionTable, y)) {
            return;
        }
        MemorySegment ids = tokens.segment(); // (B, T)
        MemorySegment table = tokenTable.segment(); // (V, E)
        MemorySegment positions = positionTable.segment(); // (positions, E)
        MemorySegment result = y.segment(); // (B, T, E)
        int width = spec.width();
        boolean addPositions = spec.positions() != 0;
        loop.run((long) spec.batch() * spec.sequenceLength(), 64, (from, to) -> {
            float[] sums = Scratch.floats(0, width);
            float[] summands = Scratch.floats(1, width);
            for (long row = from; row < to; row++) {
                Elements.read(DataType.F32, table, (long) ids.getAtIndex(JAVA_INT, row) * width, sums, width);
                if (addPositions) {
                    Elements.read(DataType.F32, positions, row % spec.sequenceLength() * width, summands, width);
                    Elements.add(sums, summands, width);
                }
                Elements.write(type, sums, width, result, row * width);
            }
        });
    }

    @Override
    public void backward(Tensor tokens, Tensor dy, Tensor dTokenTable, Tensor dPositionTable) {
        if (arguments.embeddingBackward(spec, tokens, dy, dTokenTable, dPositionTable)) {
            return;
        }
        MemorySegment ids = tokens.segment(); // (B, T)
        MemorySegment gradient = dy.segment(); // (B, T, E)
        MemorySegment table = dTokenTable.segment(); // (V, E), added to
        MemorySegment positions = dPositionTable.segment(); // (positions, E), overwritten
        long rows = (long) spec.batch() * spec.sequenceLength();
        int width = spec.width();
        if (spec.positions() != 0) {
            positions.fill((byte) 0);
        }
        loop.run(width, Math.ceilDiv(width, loop.threads()), (from, to) -> {
            int columns = (int) (to - from);
            float[] summands = Scratch.floats(0, columns);
            float[] sums = Scratch.floats(1, columns);
            for (long row = 0; row < rows; row++) {
                int id = ids.getAtIndex(JAVA_INT, row);
                Elements.read(type, gradient, row * width + from, summands, columns);
                if (id != 0) {
                    add(summands, sums, columns, table, (long) id * width + from);
                }
                if (spec.positions() != 0) {
                    add(summands, sums, columns, positions, row % spec.sequenceLength() * width + from);
                }
            }
        });
    }

    /** target ← target + summands, by way of {@code sums}. */
    private static void add(float[] summands, float[] sums, int count, MemorySegment target, long offset) {
        Elements.read(DataType.F32, target, offset, sums, count);
        Elements.add(sums, summands, count);
        Elements.write(DataType.F32, sums, count, target, offset);
    }
}
