package dev.culebra.runtime.cudnn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.cudnn.cudnn;
import dev.culebra.runtime.DataType;

/** The one place where cuDNN's status codes are checked. */
public final class Cudnn {
    private static final int MESSAGE_BYTES = 4096;

    private Cudnn() {}

    /**
     * Throws unless the status is success.
     *
     * @param function the C function that returned it
     * @throws CudnnException if it is not
     */
    public static void check(String function, int status) {
        if (status != cudnn.CUDNN_STATUS_SUCCESS) {
            throw failure(function, status, "");
        }
    }

    /**
     * What to throw for a status that is no success.
     *
     * @param request what was asked of the function; may be empty
     */
    static CudnnException failure(String function, int status, String request) {
        List<String> texts = new ArrayList<>();
        texts.add(lastError());
        texts.add(request.isEmpty() ? "" : "asked for " + request);
        texts.add(advice(status));
        texts.removeIf(String::isEmpty);
        return new CudnnException(function, status,
                Native.string(cudnn.cudnnGetErrorString(status)),
                String.join("; ", texts));
    }

    /** The library's version, such as {@code 9.24.0}; it needs no GPU. */
    public static String version() {
        return dotted(cudnn.cudnnGetVersion());
    }

    /** The version whose headers the bindings were generated from, such as {@code 9.24.0}. */
    public static String headerVersion() {
        return dotted(cudnn.CUDNN_VERSION);
    }

    /** Calls a function whose first parameter receives a new handle, and returns the handle. */
    static MemorySegment create(String function, ToIntFunction<MemorySegment> call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            check(function, call.applyAsInt(out));
            return out.get(ValueLayout.ADDRESS, 0);
        }
    }

    /** The {@code cudnnDataType_t} of a data type. */
    static int type(DataType type) {
        return switch (type) {
            case F32 -> cudnn.CUDNN_DATA_FLOAT;
            case BF16 -> cudnn.CUDNN_DATA_BFLOAT16;
            case F64 -> cudnn.CUDNN_DATA_DOUBLE;
            case I32 -> cudnn.CUDNN_DATA_INT32;
        };
    }

    /** What cuDNN last had to say in this thread; asking empties it. */
    private static String lastError() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocate(MESSAGE_BYTES);
            cudnn.cudnnGetLastErrorString(message, MESSAGE_BYTES);
            return message.getString(0).strip();
        }
    }

    private static String advice(int status) {
        return switch (status) {
            case cudnn.CUDNN_STATUS_NOT_INITIALIZED ->
                "it needs an NVIDIA GPU, its driver, and a CUDA context that is current on this thread";
            case cudnn.CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED ->
                "the GPU's memory is full: use a smaller batch, or close other programs on the GPU";
            case cudnn.CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED ->
                "the host's memory is full: close other programs";
            default -> "";
        };
    }

    private static String dotted(long version) {
        return version / 10000 + "." + version / 100 % 100 + "." + version % 100;
    }
}
