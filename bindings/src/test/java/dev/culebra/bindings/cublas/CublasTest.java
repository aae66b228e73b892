package dev.culebra.bindings.cublas;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.NativeLibraries;
import dev.culebra.testing.NvidiaLibraries;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

/** Calls cuBLAS itself, as far as it needs no GPU. */
class CublasTest {
    @BeforeAll
    static void load() {
        NvidiaLibraries.load(NativeLibraries.CUBLAS);
    }

    @Test
    void versionIsThatOfTheHeaders() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(Native.C_INT);
            assertEquals(cublas.CUBLAS_STATUS_SUCCESS, cublas.cublasGetProperty(cublas.MAJOR_VERSION, value));
            assertEquals(cublas.CUBLAS_VER_MAJOR, value.get(Native.C_INT, 0));
        }
    }

    @Test
    void statusHasNameAndText() {
        assertEquals("CUBLAS_STATUS_NOT_SUPPORTED",
                cublas.cublasGetStatusName(cublas.CUBLAS_STATUS_NOT_SUPPORTED).getString(0));
        assertEquals("the requested functionality is not supported",
                cublas.cublasGetStatusString(cublas.CUBLAS_STATUS_NOT_SUPPORTED).getString(0));
    }

    @Test
    void handleNeedsAGpu() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(Native.C_POINTER);
            int status = cublas.cublasCreate(out);
            if (NvidiaLibraries.hasGpu()) {
                assertEquals(cublas.CUBLAS_STATUS_SUCCESS, status);
                MemorySegment handle = out.get(Native.C_POINTER, 0);
                assertNotEquals(MemorySegment.NULL, handle);
                assertEquals(cublas.CUBLAS_STATUS_SUCCESS, cublas.cublasDestroy(handle));
            } else {
                assertEquals(cublas.CUBLAS_STATUS_NOT_INITIALIZED, status);
            }
        }
    }
}
