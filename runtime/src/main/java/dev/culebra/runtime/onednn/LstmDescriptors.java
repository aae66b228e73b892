package dev.culebra.runtime.onednn;

import java.util.ArrayList;
import java.util.List;

import dev.culebra.runtime.DataType;

/**
 * The descriptors of one LSTM layer. Activations are in time-major order, (T, B, C), in which oneDNN is fastest; gradients
 * are F32 in every precision, since it has no others.
 */
public final class LstmDescriptors implements AutoCloseable {
    private static final int GATES = 4;

    private final List<MemoryDescriptor> owned = new ArrayList<>();
    final MemoryDescriptor input;
    final MemoryDescriptor output;
    final MemoryDescriptor inputGradient;
    final MemoryDescriptor outputGradient;
    final MemoryDescriptor hiddenState;
    final MemoryDescriptor stateGradient;
    final MemoryDescriptor cellState;
    final MemoryDescriptor inputWeight;
    final MemoryDescriptor hiddenWeight;
    final MemoryDescriptor inputWeightGradient;
    final MemoryDescriptor hiddenWeightGradient;
    final MemoryDescriptor bias;

    private LstmDescriptors(DataType type, int batch, int steps, int inputSize, int hiddenSize) {
        try {
            input = own(MemoryDescriptor.rowMajor(type, steps, batch, inputSize));
            output = own(MemoryDescriptor.rowMajor(type, steps, batch, hiddenSize));
            inputGradient = own(MemoryDescriptor.rowMajor(DataType.F32, steps, batch, inputSize));
            outputGradient = own(MemoryDescriptor.rowMajor(DataType.F32, steps, batch, hiddenSize));
            stateGradient = own(MemoryDescriptor.rowMajor(DataType.F32, 1, 1, batch, hiddenSize));
            hiddenState = own(MemoryDescriptor.rowMajor(type, 1, 1, batch, hiddenSize));
            cellState = own(MemoryDescriptor.rowMajor(DataType.F32, 1, 1, batch, hiddenSize));
            inputWeight = own(MemoryDescriptor.any(type, 1, 1, inputSize, GATES, hiddenSize));
            hiddenWeight = own(MemoryDescriptor.any(type, 1, 1, hiddenSize, GATES, hiddenSize));
            inputWeightGradient = own(MemoryDescriptor.any(DataType.F32, 1, 1, inputSize, GATES, hiddenSize));
            hiddenWeightGradient = own(MemoryDescriptor.any(DataType.F32, 1, 1, hiddenSize, GATES, hiddenSize));
            bias = own(MemoryDescriptor.rowMajor(DataType.F32, 1, 1, GATES, hiddenSize));
        } catch (Throwable failure) {
            close();
            throw failure;
        }
    }

    /** The descriptors for these sizes. */
    public static LstmDescriptors of(DataType type, int batch, int steps, int inputSize, int hiddenSize) {
        return new LstmDescriptors(type, batch, steps, inputSize, hiddenSize);
    }

    private MemoryDescriptor own(MemoryDescriptor descriptor) {
        owned.add(descriptor);
        return descriptor;
    }

    @Override
    public void close() {
        owned.forEach(MemoryDescriptor::close);
    }
}
