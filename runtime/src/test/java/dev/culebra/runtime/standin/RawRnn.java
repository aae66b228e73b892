package dev.culebra.runtime.standin;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.ToIntFunction;

import dev.culebra.bindings.cudnn.cudnn;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A forward pass of a small LSTM by the raw calls, of which a test makes a wrong one. */
final class RawRnn implements AutoCloseable {
    private static final int BATCH = 2;
    static final int STEPS = 3;
    private static final int WIDTH = 4;
    private static final int PART = 4096;

    /** What can be wrong. */
    enum Mistake {
        /** Of another width than the network's. */
        OUTPUT_WIDTH(cudnn.CUDNN_STATUS_BAD_PARAM, "y has vectors of 5"),
        /** Other than those of x. */
        LENGTHS(cudnn.CUDNN_STATUS_BAD_PARAM, "x and y are not of the same sequences"),
        /** Of another batch. */
        STATE_SHAPE(cudnn.CUDNN_STATUS_BAD_PARAM, "the hidden state is not contiguous"),
        /** A byte too small. */
        WEIGHT_SPACE(cudnn.CUDNN_STATUS_BAD_PARAM, "the weight space has"),
        /** A byte too small. */
        WORKSPACE(cudnn.CUDNN_STATUS_BAD_PARAM, "the workspace has"),
        /** Although the pass trains. */
        NO_RESERVE(cudnn.CUDNN_STATUS_BAD_PARAM, "the reserve has 0 bytes"),
        /** Although the data is. */
        NOT_PADDED(cudnn.CUDNN_STATUS_BAD_PARAM, "padded sequences, but the network's flags do not allow them"),
        /** Not at a multiple of an element. */
        ADDRESS(cudnn.CUDNN_STATUS_BAD_PARAM_MISALIGNED_POINTER, "x is at");

        private final int status;
        private final String reason;

        Mistake(int status, String reason) {
            this.status = status;
            this.reason = reason;
        }

        /** What a pass returns that has it. */
        int status() {
            return status;
        }

        /** What the stand-in says of it. */
        String reason() {
            return reason;
        }
    }

    private final Arena arena = Arena.ofConfined();
    private final long memory;
    private final MemorySegment handle = create(cudnn::cudnnCreate);
    private final MemorySegment network = create(cudnn::cudnnCreateRNNDescriptor);
    private final MemorySegment x = create(cudnn::cudnnCreateRNNDataDescriptor);
    private final MemorySegment y = create(cudnn::cudnnCreateRNNDataDescriptor);
    private final MemorySegment hidden = create(cudnn::cudnnCreateTensorDescriptor);
    private final MemorySegment cell = create(cudnn::cudnnCreateTensorDescriptor);
    private long weightBytes;
    private long workspaceBytes;
    private long reserveBytes;
    private long input;
    private MemorySegment deviceLengths = MemorySegment.NULL;

    RawRnn(DeviceMemory memory, Stream stream) {
        this.memory = memory.address();
        input = memory.address();
        succeed(cudnn.cudnnSetStream(handle, stream.handle()));
        describeNetwork(cudnn.CUDNN_RNN_PADDED_IO_ENABLED);
        describe(x, WIDTH, STEPS, 1);
        describe(y, WIDTH, STEPS, 1);
        describe(hidden, BATCH);
        describe(cell, BATCH);
        MemorySegment first = arena.allocate(ValueLayout.JAVA_LONG);
        MemorySegment second = arena.allocate(ValueLayout.JAVA_LONG);
        succeed(cudnn.cudnnGetRNNWeightSpaceSize(handle, network, first));
        weightBytes = first.get(ValueLayout.JAVA_LONG, 0);
        succeed(cudnn.cudnnGetRNNTempSpaceSizes(handle, network, cudnn.CUDNN_FWD_MODE_TRAINING, x, first, second));
        workspaceBytes = first.get(ValueLayout.JAVA_LONG, 0);
        reserveBytes = second.get(ValueLayout.JAVA_LONG, 0);
    }

    private MemorySegment create(ToIntFunction<MemorySegment> call) {
        MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
        succeed(call.applyAsInt(out));
        return out.get(ValueLayout.ADDRESS, 0);
    }

    private static void succeed(int status) {
        assertEquals(cudnn.CUDNN_STATUS_SUCCESS, status);
    }

    private void describeNetwork(int flags) {
        succeed(cudnn.cudnnSetRNNDescriptor_v8(network, cudnn.CUDNN_RNN_ALGO_STANDARD, cudnn.CUDNN_LSTM,
                cudnn.CUDNN_RNN_DOUBLE_BIAS, cudnn.CUDNN_UNIDIRECTIONAL, cudnn.CUDNN_LINEAR_INPUT,
                cudnn.CUDNN_DATA_FLOAT, cudnn.CUDNN_DATA_FLOAT, cudnn.CUDNN_FMA_MATH, WIDTH, WIDTH, WIDTH, 1,
                MemorySegment.NULL, flags));
    }

    private void describe(MemorySegment data, int width, int... lengths) {
        succeed(cudnn.cudnnSetRNNDataDescriptor(data, cudnn.CUDNN_DATA_FLOAT,
                cudnn.CUDNN_RNN_DATA_LAYOUT_BATCH_MAJOR_UNPACKED, STEPS, BATCH, width,
                arena.allocateFrom(ValueLayout.JAVA_INT, lengths), MemorySegment.NULL));
    }

    private void describe(MemorySegment states, int batch) {
        succeed(cudnn.cudnnSetTensorNdDescriptor(states, cudnn.CUDNN_DATA_FLOAT, 3,
                arena.allocateFrom(ValueLayout.JAVA_INT, 1, batch, WIDTH),
                arena.allocateFrom(ValueLayout.JAVA_INT, batch * WIDTH, WIDTH, 1)));
    }

    /** Makes a mistake. */
    void make(Mistake mistake) {
        switch (mistake) {
            case OUTPUT_WIDTH -> describe(y, WIDTH + 1, STEPS, 1);
            case LENGTHS -> describe(y, WIDTH, STEPS, 2);
            case STATE_SHAPE -> describe(hidden, BATCH + 1);
            case WEIGHT_SPACE -> weightBytes--;
            case WORKSPACE -> workspaceBytes--;
            case NO_RESERVE -> reserveBytes = 0;
            case NOT_PADDED -> describeNetwork(cudnn.CUDNN_RNN_PADDED_IO_DISABLED);
            case ADDRESS -> input++;
        }
    }

    /** Gives the passes a copy of the lengths on the device, too. */
    void lengthsAt(long address) {
        deviceLengths = MemorySegment.ofAddress(address);
    }

    private MemorySegment part(int number) {
        return MemorySegment.ofAddress(memory + (long) number * PART);
    }

    /** Runs a training pass; the status. */
    int forward() {
        MemorySegment none = MemorySegment.NULL;
        return cudnn.cudnnRNNForward(handle, network, cudnn.CUDNN_FWD_MODE_TRAINING, deviceLengths, x,
                MemorySegment.ofAddress(input), y, part(1), hidden, none, none, cell, none, none, weightBytes, part(2),
                workspaceBytes, part(3), reserveBytes, part(4));
    }

    /** Computes the gradients of weights; the status. */
    int backwardWeights(int mode) {
        return cudnn.cudnnRNNBackwardWeights_v8(handle, network, mode, deviceLengths, x, MemorySegment.ofAddress(input),
                hidden, MemorySegment.NULL, y, part(1), weightBytes, part(2), workspaceBytes, part(3), reserveBytes,
                part(4));
    }

    @Override
    public void close() {
        succeed(cudnn.cudnnDestroyTensorDescriptor(cell));
        succeed(cudnn.cudnnDestroyTensorDescriptor(hidden));
        succeed(cudnn.cudnnDestroyRNNDataDescriptor(y));
        succeed(cudnn.cudnnDestroyRNNDataDescriptor(x));
        succeed(cudnn.cudnnDestroyRNNDescriptor(network));
        succeed(cudnn.cudnnDestroy(handle));
        arena.close();
    }
}
