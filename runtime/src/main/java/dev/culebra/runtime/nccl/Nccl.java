package dev.culebra.runtime.nccl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.ToIntFunction;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.nccl.nccl;
import dev.culebra.runtime.DataType;

/** The one place where NCCL's status codes are checked. */
public final class Nccl {
    private Nccl() {}

    /**
     * Throws unless the status is success.
     *
     * @param function the C function that returned it
     * @throws NcclException if it is not
     */
    public static void check(String function, int status) {
        if (status != nccl.ncclSuccess) {
            throw failure(function, status);
        }
    }

    /** The library's version, such as {@code 2.30.7}; it needs no GPU. */
    public static String version() {
        return dotted(getInt("ncclGetVersion", nccl::ncclGetVersion));
    }

    /** The version whose headers the bindings were generated from, such as {@code 2.30.7}. */
    public static String headerVersion() {
        return dotted(nccl.NCCL_VERSION_CODE);
    }

    /** What to throw for a status that is no success: NCCL's word for it, and what it last had to say. */
    static NcclException failure(String function, int status) {
        String text = Native.string(nccl.ncclGetErrorString(status));
        String last = Native.string(nccl.ncclGetLastError(MemorySegment.NULL)).strip();
        return new NcclException(function, status, name(status), last.isEmpty() ? text : text + "; " + last);
    }

    /** Calls a function whose first parameter receives an {@code int}, and returns that. */
    static int getInt(String function, ToIntFunction<MemorySegment> call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
            check(function, call.applyAsInt(out));
            return out.get(ValueLayout.JAVA_INT, 0);
        }
    }

    /** The {@code ncclDataType_t} of a data type. */
    static int type(DataType type) {
        return switch (type) {
            case F32 -> nccl.ncclFloat32;
            case BF16 -> nccl.ncclBfloat16;
            case F64 -> nccl.ncclFloat64;
            case I32 -> nccl.ncclInt32;
        };
    }

    /** The symbolic name, which NCCL itself does not tell; empty if it is not known. */
    private static String name(int status) {
        return switch (status) {
            case nccl.ncclUnhandledCudaError -> "ncclUnhandledCudaError";
            case nccl.ncclSystemError -> "ncclSystemError";
            case nccl.ncclInternalError -> "ncclInternalError";
            case nccl.ncclInvalidArgument -> "ncclInvalidArgument";
            case nccl.ncclInvalidUsage -> "ncclInvalidUsage";
            case nccl.ncclRemoteError -> "ncclRemoteError";
            case nccl.ncclInProgress -> "ncclInProgress";
            case nccl.ncclTimeout -> "ncclTimeout";
            default -> "";
        };
    }

    private static String dotted(int version) {
        return version / 10000 + "." + version / 100 % 100 + "." + version % 100;
    }
}
