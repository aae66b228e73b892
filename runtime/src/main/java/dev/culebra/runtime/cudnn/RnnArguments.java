package dev.culebra.runtime.cudnn;

import java.lang.foreign.MemorySegment;

import dev.culebra.runtime.driver.DeviceRegion;
import dev.culebra.runtime.driver.Stream;

/**
 * The device memory that the calls of a network are given, as addresses: each was checked to be open, large enough, and on
 * the stream's device. A capture keeps it.
 *
 * @param spec the network
 * @param sequences the lengths of the sequences of a batch
 * @param space how much memory cuDNN wants beside the tensors
 * @param stream the stream of the calls
 */
record RnnArguments(RnnSpec spec, RnnSequences sequences, Space space, Stream stream) {
    /** How much memory cuDNN wants: for the weights, and for the two modes. */
    record Space(long weightBytes, Temporary training, Temporary inference) {
        Temporary of(Rnn.Mode mode) {
            return mode == Rnn.Mode.TRAINING ? training : inference;
        }
    }

    /** How much memory cuDNN wants in one mode. */
    record Temporary(long workspaceBytes, long reserveBytes) {}

    long inputElements() {
        return spec.layout().vectors(sequences) * spec.size().inputSize();
    }

    long outputElements() {
        return spec.layout().vectors(sequences) * spec.size().projectionSize();
    }

    MemorySegment input(DeviceRegion region) {
        return at("the input, or its gradient,", region, inputElements() * bytesPerElement());
    }

    MemorySegment output(DeviceRegion region) {
        return at("the output, or its gradient,", region, outputElements() * bytesPerElement());
    }

    MemorySegment hidden(RnnStates states) {
        return states.hidden().map(region -> at("a hidden state, or its gradient,", region,
                stateBytes(spec.size().projectionSize()))).orElse(MemorySegment.NULL);
    }

    MemorySegment cell(RnnStates states) {
        return states.cell().map(region -> at("a cell state, or its gradient,", region,
                stateBytes(spec.size().hiddenSize()))).orElse(MemorySegment.NULL);
    }

    MemorySegment weights(DeviceRegion region) {
        return at("the weight space, or its gradient,", region, space.weightBytes);
    }

    MemorySegment workspace(Rnn.Mode mode, RnnMemory memory) {
        return at("the workspace", memory.workspace(), space.of(mode).workspaceBytes);
    }

    /** The reserve of training; inference has none. */
    MemorySegment reserve(Rnn.Mode mode, RnnMemory memory) {
        if (mode == Rnn.Mode.INFERENCE) {
            return MemorySegment.NULL;
        }
        DeviceRegion reserve = memory.reserve().orElseThrow(
                () -> new IllegalArgumentException("training needs a reserve of " + space.training.reserveBytes
                        + " bytes, but there is none"));
        return at("the reserve", reserve, space.training.reserveBytes);
    }

    int bytesPerElement() {
        return spec.arithmetic().dataType().bytes();
    }

    private long stateBytes(int width) {
        return (long) spec.size().layers() * sequences.batch() * width * bytesPerElement();
    }

    private MemorySegment at(String name, DeviceRegion region, long bytes) {
        region.requireUsable(name, bytes, stream);
        stream.keep(region.owner());
        return MemorySegment.ofAddress(region.address());
    }
}
