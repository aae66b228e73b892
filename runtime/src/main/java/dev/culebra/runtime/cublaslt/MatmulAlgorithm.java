package dev.culebra.runtime.cublaslt;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.IntStream;

import dev.culebra.bindings.cublaslt.cublasLtMatmulHeuristicResult_t;

/**
 * A way to compute a product that the device offers.
 *
 * @param state the 64 bytes of a {@code cublasLtMatmulAlgo_t}, opaque, as 8 numbers
 * @param workspaceBytes how much workspace it needs
 * @param waves how often the device is filled with blocks; just over a whole number wastes most of the last one
 */
public record MatmulAlgorithm(List<Long> state, long workspaceBytes, float waves) {
    static final int STATE_LONGS = 8;

    /** Checks the size of the state. */
    public MatmulAlgorithm {
        state = List.copyOf(state);
        if (state.size() != STATE_LONGS) {
            throw new IllegalArgumentException("an algorithm has 8 numbers of state, not " + state.size());
        }
    }

    /** What a {@code cublasLtMatmulHeuristicResult_t} holds. */
    static MatmulAlgorithm read(MemorySegment result) {
        MemorySegment algorithm = cublasLtMatmulHeuristicResult_t.algo(result);
        return new MatmulAlgorithm(
                IntStream.range(0, STATE_LONGS)
                        .mapToObj(index -> algorithm.getAtIndex(ValueLayout.JAVA_LONG, index)).toList(),
                cublasLtMatmulHeuristicResult_t.workspaceSize(result),
                cublasLtMatmulHeuristicResult_t.wavesCount(result));
    }

    /** Writes the {@code cublasLtMatmulAlgo_t}. */
    static void write(List<Long> state, MemorySegment algorithm) {
        for (int index = 0; index < STATE_LONGS; index++) {
            algorithm.setAtIndex(ValueLayout.JAVA_LONG, index, state.get(index));
        }
    }
}
