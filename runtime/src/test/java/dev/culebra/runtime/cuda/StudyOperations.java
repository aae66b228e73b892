package dev.culebra.runtime.cuda;

import java.util.ArrayList;
import java.util.List;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.OwnedParts;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.driver.CudaException;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.operation.Activation;
import dev.culebra.runtime.operation.AttentionSpec;
import dev.culebra.runtime.operation.CachedAttentionSpec;
import dev.culebra.runtime.operation.DropoutSpec;
import dev.culebra.runtime.operation.EmbeddingSpec;
import dev.culebra.runtime.operation.LayerNormSpec;
import dev.culebra.runtime.operation.LinearCrossEntropySpec;
import dev.culebra.runtime.operation.LinearSpec;
import dev.culebra.runtime.operation.LossHistorySpec;
import dev.culebra.runtime.operation.LstmSpec;
import dev.culebra.runtime.operation.OptimizerSpec;

/**
 * The operations of the study's twelve runs, at their sizes, and those of its options: what they had compiled is in the
 * backend's {@link CudaBackend#kernels}.
 */
final class StudyOperations implements AutoCloseable {
    private static final int BATCH = 16;
    private static final int SEQUENCE_LENGTH = 256;
    private static final int ROWS = BATCH * SEQUENCE_LENGTH;
    private static final int WIDTH = 768;
    private static final int INNER_WIDTH = 4 * WIDTH;
    private static final int HIDDEN_SIZE = 512;
    private static final int HEADS = 12;
    private static final int VOCABULARY = 40_479;
    private static final int PARAMETERS = 3_019_520;
    private static final int STEPS = 100;
    private static final double DECAY = 5e-4;

    private final OwnedParts owned = new OwnedParts();
    private final List<Object> operations = new ArrayList<>();

    StudyOperations(CudaBackend backend) {
        try {
            addLstm(backend);
            addGpt(backend);
            add(backend.linearCrossEntropy(new LinearCrossEntropySpec(ROWS, WIDTH, VOCABULARY, true)));
            add(backend.dropout(new DropoutSpec(ROWS * WIDTH, 0.1, 42, 1)));
            for (OptimizerSpec spec : List.of(new OptimizerSpec.Sgd(DECAY), new OptimizerSpec.Momentum(0.9, DECAY),
                    new OptimizerSpec.Adam(0.9, 0.999, 1e-8, 0), new OptimizerSpec.AdamW(0.9, 0.999, 1e-8, DECAY))) {
                add(backend.optimizer(spec, PARAMETERS));
            }
            add(backend.gradientNorm());
            add(backend.lossHistory(new LossHistorySpec(BATCH, SEQUENCE_LENGTH, STEPS)));
            add(backend.elementwise());
            addGeneration(backend);
            if (backend.precision() == Precision.BF16) {
                convert(backend, DataType.F32, DataType.BF16);
                convert(backend, DataType.BF16, DataType.F32);
            }
        } catch (Throwable failure) {
            owned.closeAfter(failure);
            throw failure;
        }
    }

    private void addLstm(CudaBackend backend) {
        add(backend.embedding(new EmbeddingSpec(BATCH, SEQUENCE_LENGTH, VOCABULARY, WIDTH, 0)));
        for (int layers : new int[] {1, 2, 4}) {
            add(backend.lstm(new LstmSpec(BATCH, SEQUENCE_LENGTH, WIDTH, HIDDEN_SIZE, layers, 0, 42)));
        }
        add(backend.linear(new LinearSpec(ROWS, HIDDEN_SIZE, WIDTH, Activation.RELU)));
    }

    private void addGpt(CudaBackend backend) {
        add(backend.embedding(new EmbeddingSpec(BATCH, SEQUENCE_LENGTH, VOCABULARY, WIDTH, SEQUENCE_LENGTH)));
        add(backend.attention(new AttentionSpec(BATCH, SEQUENCE_LENGTH, HEADS, WIDTH / HEADS)));
        add(backend.linear(new LinearSpec(ROWS, WIDTH, 3 * WIDTH, Activation.NONE)));
        add(backend.linear(new LinearSpec(ROWS, WIDTH, WIDTH, Activation.NONE)));
        add(backend.linear(new LinearSpec(ROWS, WIDTH, INNER_WIDTH, Activation.GELU)));
        add(backend.linear(new LinearSpec(ROWS, WIDTH, INNER_WIDTH, Activation.GELU_TANH)));
        add(backend.linear(new LinearSpec(ROWS, INNER_WIDTH, WIDTH, Activation.NONE)));
        add(backend.layerNorm(new LayerNormSpec(ROWS, WIDTH, 1e-5, true)));
        // For the gradients of biases, where the product that sums them too is not there or slower.
        add(new ColumnSums(backend, ROWS, WIDTH));
        add(new ColumnSums(backend, ROWS, INNER_WIDTH));
    }

    /** What generating text has beside the operations of training: one sequence, a token at a time. */
    private void addGeneration(CudaBackend backend) {
        add(backend.cachedAttention(new CachedAttentionSpec(1, 1, SEQUENCE_LENGTH, HEADS, WIDTH / HEADS)));
    }

    private void add(AutoCloseable operation) {
        operations.add(owned.own(operation));
    }

    /** Kernels of conversions are compiled when the first one is queued. */
    private static void convert(CudaBackend backend, DataType from, DataType to) {
        try (DeviceMemory memory = backend.allocateMemory(Double.BYTES)) {
            backend.convert(from, memory, to, memory, 1);
        } catch (CudaException cannotRun) {
            // The stand-in has NVIDIA's machine code, which it cannot run: that it is loaded is enough.
            if (cannotRun.name().filter("CUDA_ERROR_NO_BINARY_FOR_GPU"::equals).isEmpty()) {
                throw cannotRun;
            }
        }
    }

    /** All of them. */
    List<Object> all() {
        return operations;
    }

    @Override
    public void close() {
        owned.close();
    }
}
