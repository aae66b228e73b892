package dev.culebra.runtime.cuda;

import java.util.Map;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.driver.Dim3;
import dev.culebra.runtime.driver.Launch;
import dev.culebra.runtime.driver.Module;
import dev.culebra.runtime.operation.Embedding;
import dev.culebra.runtime.operation.EmbeddingSpec;

import static dev.culebra.runtime.driver.ParameterType.INT;
import static dev.culebra.runtime.driver.ParameterType.POINTER;

/** Token and position embedding: {@code embedding.cu}. */
final class CudaEmbedding extends CudaOperation implements Embedding {
    private final EmbeddingSpec spec;
    private final Launch forward;
    private final Launch backwardTokens;
    private final Launch backwardPositions;

    CudaEmbedding(CudaBackend backend, EmbeddingSpec spec) {
        super(backend);
        this.spec = spec;
        int rows = Math.multiplyExact(spec.batch(), spec.sequenceLength());
        Module module = backend.kernels().module("embedding",
                Map.of("ACTIVATION", activation(), "WIDTH", spec.width(), "VECTOR", vector(spec.width(), DataType.F32),
                        "POSITIONS", spec.positions() > 0 ? 1 : 0, "THREADS", THREADS));
        Dim3 block = Dim3.of(THREADS);
        forward = module.kernel("embedding_forward", INT, POINTER, POINTER, POINTER, POINTER).launch(Dim3.of(rows),
                block);
        backwardTokens = module.kernel("embedding_backward_tokens", INT, POINTER, POINTER, POINTER)
                .launch(Dim3.of(rows), block, THREADS / 32 * Integer.BYTES);
        backwardPositions = module.kernel("embedding_backward_positions", INT, INT, POINTER, POINTER)
                .launch(allBlocks((long) spec.sequenceLength() * spec.width()), block);
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
        forward.set(0, spec.sequenceLength()).set(1, region(tokens)).set(2, region(tokenTable))
                .set(3, region(positionTable)).set(4, region(y)).launch(backend.stream());
    }

    @Override
    public void backward(Tensor tokens, Tensor dy, Tensor dTokenTable, Tensor dPositionTable) {
        if (arguments.embeddingBackward(spec, tokens, dy, dTokenTable, dPositionTable)) {
            return;
        }
        backwardTokens.set(0, Math.toIntExact(tokens.elements())).set(1, region(tokens)).set(2, region(dy))
                .set(3, region(dTokenTable)).launch(backend.stream());
        if (spec.positions() > 0) {
            // Positions behind the sequences have no gradient.
            region(dPositionTable).clear(backend.stream());
            backwardPositions.set(0, spec.batch()).set(1, spec.sequenceLength()).set(2, region(dy))
                    .set(3, region(dPositionTable)).launch(backend.stream());
        }
    }
}
