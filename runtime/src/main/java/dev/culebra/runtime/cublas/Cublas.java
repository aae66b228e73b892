package dev.culebra.runtime.cublas;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.ToIntFunction;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.cublas.cublas;

/** The one place where cuBLAS's status codes are checked. */
public final class Cublas {
    private Cublas() {}

    /**
     * Throws unless the status is success.
     *
     * @param function the C function that returned it
     * @throws CublasException if it is not
     */
    public static void check(String function, int status) {
        if (status != cublas.CUBLAS_STATUS_SUCCESS) {
            throw failure(function, status, "");
        }
    }

    /**
     * What to throw for a status that is no success.
     *
     * @param request what was asked of the function; may be empty
     */
    static CublasException failure(String function, int status, String request) {
        return new CublasException(function, status, Native.string(cublas.cublasGetStatusName(status)),
                Native.string(cublas.cublasGetStatusString(status)), request);
    }

    /** The library's version, such as {@code 13.1.1}; it needs no GPU. */
    public static String version() {
        return property(cublas.MAJOR_VERSION) + "." + property(cublas.MINOR_VERSION) + "."
                + property(cublas.PATCH_LEVEL);
    }

    /** The version whose headers the bindings were generated from, such as {@code 13.1.1}. */
    public static String headerVersion() {
        return cublas.CUBLAS_VER_MAJOR + "." + cublas.CUBLAS_VER_MINOR + "." + cublas.CUBLAS_VER_PATCH;
    }

    /** Calls a function whose first parameter receives a new handle, and returns the handle. */
    static MemorySegment create(String function, ToIntFunction<MemorySegment> call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            check(function, call.applyAsInt(out));
            return out.get(ValueLayout.ADDRESS, 0);
        }
    }

    private static int property(int type) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
            check("cublasGetProperty", cublas.cublasGetProperty(type, value));
            return value.get(ValueLayout.JAVA_INT, 0);
        }
    }
}
