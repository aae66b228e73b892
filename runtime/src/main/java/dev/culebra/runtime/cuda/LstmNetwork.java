package dev.culebra.runtime.cuda;

import java.util.List;

import dev.culebra.runtime.Precision;
import dev.culebra.runtime.cudnn.Rnn;
import dev.culebra.runtime.cudnn.RnnAlgorithm;
import dev.culebra.runtime.cudnn.RnnArithmetic;
import dev.culebra.runtime.cudnn.RnnDataLayout;
import dev.culebra.runtime.cudnn.RnnMemory;
import dev.culebra.runtime.cudnn.RnnSequences;
import dev.culebra.runtime.cudnn.RnnSpec;
import dev.culebra.runtime.cudnn.RnnStates;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.DeviceSlice;
import dev.culebra.runtime.operation.LstmSpec;
import dev.culebra.runtime.operation.ParameterRegion;

/** Consecutive LSTM layers that cuDNN runs as one network, with the weight layout and the workspace it wants. */
final class LstmNetwork extends CudaOperation {
    private final Rnn rnn;
    private final List<ParameterRegion> regions;
    private final DeviceMemory workspace;
    private final int bytesPerElement;

    /**
     * Layers of a stack.
     *
     * @param first the first of them
     * @param count how many
     */
    LstmNetwork(CudaBackend backend, LstmSpec stack, int first, int count) {
        super(backend);
        bytesPerElement = backend.activationType().bytes();
        RnnSequences sequences = RnnSequences.equal(stack.batch(), stack.sequenceLength());
        RnnSpec spec = new RnnSpec(RnnSpec.Size.of(count, stack.inputSize(first), stack.hiddenSize()),
                arithmetic(backend.precision()), RnnAlgorithm.STANDARD, RnnDataLayout.BATCH_MAJOR);
        try {
            rnn = own(Rnn.create(backend.cudnn(), backend.algorithms().choose(backend.cudnn(), spec, sequences),
                    sequences));
            workspace = workspace(Math.max(rnn.workspaceBytes(), 1));
            try (DeviceMemory weights = backend.allocateMemory(rnn.weightBytes())) {
                regions = rnn.weightLayout(weights).regions().stream()
                        .map(region -> new ParameterRegion(renumbered(region.name(), first), region.shape(),
                                region.offset()))
                        .toList();
            }
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    private static RnnArithmetic arithmetic(Precision precision) {
        return switch (precision) {
            case BF16 -> RnnArithmetic.BF16;
            case TF32 -> RnnArithmetic.TF32;
            case FP32, FP64 -> RnnArithmetic.STRICT_F32;
        };
    }

    /** The network's layer 0 is the stack's layer {@code first}. */
    private static String renumbered(String name, int first) {
        int digits = name.lastIndexOf('l') + 1;
        return name.substring(0, digits) + (Integer.parseInt(name.substring(digits)) + first);
    }

    /** Where the named tensors lie in the network's weight space, in elements. */
    List<ParameterRegion> regions() {
        return regions;
    }

    long weightElements() {
        return rnn.weightBytes() / bytesPerElement;
    }

    long reserveBytes() {
        return rnn.reserveBytes();
    }

    long outputBytes() {
        return rnn.outputElements() * bytesPerElement;
    }

    /** Computes y and the last states; overwrites them and the reserve. */
    void forward(DeviceSlice x, RnnStates initial, DeviceSlice weights, DeviceSlice y, RnnStates last,
            DeviceSlice reserve) {
        rnn.forward(Rnn.Mode.TRAINING, x, initial, y, last, RnnMemory.forTraining(weights, workspace, reserve));
    }

    /** Computes y and the last states, and overwrites them, when no backward pass follows: cuDNN then keeps nothing. */
    void infer(DeviceSlice x, RnnStates initial, DeviceSlice weights, DeviceSlice y, RnnStates last) {
        rnn.forward(Rnn.Mode.INFERENCE, x, initial, y, last, RnnMemory.forInference(weights, workspace));
    }

    /** Overwrites the gradient of x, and <em>adds</em> to that of the weights. */
    void backward(DeviceSlice x, RnnStates initial, DeviceSlice weights, DeviceSlice y, DeviceSlice reserve,
            DeviceSlice dy, DeviceSlice dx, DeviceSlice dWeights) {
        RnnMemory memory = RnnMemory.forTraining(weights, workspace, reserve);
        rnn.backwardData(y, dy, initial, Rnn.StateGradients.NONE, dx, memory);
        rnn.backwardWeights(x, initial, y, dWeights, memory);
    }
}
