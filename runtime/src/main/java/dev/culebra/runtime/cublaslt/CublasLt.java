package dev.culebra.runtime.cublaslt;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.ToIntFunction;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.cublaslt.cublasLt;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.cublas.Cublas;
import dev.culebra.runtime.cublas.CublasException;

/** The one place where cuBLASLt's status codes are checked. */
public final class CublasLt {
    private CublasLt() {}

    /**
     * Throws unless the status is success.
     *
     * @param function the C function that returned it
     * @throws CublasException if it is not
     */
    public static void check(String function, int status) {
        if (status != cublasLt.CUBLAS_STATUS_SUCCESS) {
            throw failure(function, status, "");
        }
    }

    /** The version whose headers the bindings were generated from, such as {@code 13.1.1}: that of cuBLAS. */
    public static String headerVersion() {
        return Cublas.headerVersion();
    }

    /** The library's version, such as {@code 13.1.1}; it needs no GPU. */
    public static String version() {
        long version = cublasLt.cublasLtGetVersion();
        return version / 10000 + "." + version / 100 % 100 + "." + version % 100;
    }

    /**
     * What to throw for a status that is no success.
     *
     * @param request what was asked of the function; may be empty
     */
    static CublasException failure(String function, int status, String request) {
        return new CublasException(function, status, Native.string(cublasLt.cublasLtGetStatusName(status)),
                Native.string(cublasLt.cublasLtGetStatusString(status)), request);
    }

    /** Calls a function whose first parameter receives a new handle, and returns the handle. */
    static MemorySegment create(String function, ToIntFunction<MemorySegment> call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            check(function, call.applyAsInt(out));
            return out.get(ValueLayout.ADDRESS, 0);
        }
    }

    /** The {@code cudaDataType_t} of a data type. */
    static int type(DataType type) {
        return switch (type) {
            case F32 -> cublasLt.CUDA_R_32F;
            case BF16 -> cublasLt.CUDA_R_16BF;
            case F64 -> cublasLt.CUDA_R_64F;
            case I32 -> cublasLt.CUDA_R_32I;
        };
    }
}
