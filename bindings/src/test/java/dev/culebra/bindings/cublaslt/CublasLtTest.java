package dev.culebra.bindings.cublaslt;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.NativeLibraries;
import dev.culebra.testing.NvidiaLibraries;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

/** Calls cuBLASLt itself: descriptors need no GPU. */
class CublasLtTest {
    @BeforeAll
    static void load() {
        NvidiaLibraries.load(NativeLibraries.CUBLAS_LT);
    }

    @Test
    void versionIsThatOfTheHeaders() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(Native.C_INT);
            check(cublasLt.cublasLtGetProperty(cublasLt.MAJOR_VERSION, value));
            assertEquals(cublasLt.cublasLtGetVersion() / 10000, value.get(Native.C_INT, 0));
            assertEquals(13, value.get(Native.C_INT, 0));
        }
    }

    @Test
    void statusHasNameAndText() {
        assertEquals("CUBLAS_STATUS_INVALID_VALUE",
                cublasLt.cublasLtGetStatusName(cublasLt.CUBLAS_STATUS_INVALID_VALUE).getString(0));
        assertEquals("an unsupported value or parameter was passed to the function",
                cublasLt.cublasLtGetStatusString(cublasLt.CUBLAS_STATUS_INVALID_VALUE).getString(0));
    }

    @Test
    void matmulDescriptorKeepsItsAttributes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment descriptor = create(arena, out -> cublasLt.cublasLtMatmulDescCreate(out,
                    cublasLt.CUBLAS_COMPUTE_32F_PEDANTIC, cublasLt.CUDA_R_32F));
            Attributes attributes = new Attributes(
                    (name, value, bytes) -> cublasLt.cublasLtMatmulDescSetAttribute(descriptor, name, value, bytes),
                    (name, value, bytes, written) -> cublasLt.cublasLtMatmulDescGetAttribute(descriptor, name, value,
                            bytes, written));
            assertEquals(cublasLt.CUBLAS_COMPUTE_32F_PEDANTIC,
                    attributes.getInt(cublasLt.CUBLASLT_MATMUL_DESC_COMPUTE_TYPE, arena));
            assertEquals(cublasLt.CUDA_R_32F, attributes.getInt(cublasLt.CUBLASLT_MATMUL_DESC_SCALE_TYPE, arena));
            assertEquals(cublasLt.CUBLAS_OP_N, attributes.getInt(cublasLt.CUBLASLT_MATMUL_DESC_TRANSA, arena));
            attributes.setInt(cublasLt.CUBLASLT_MATMUL_DESC_TRANSA, cublasLt.CUBLAS_OP_T, arena);
            attributes.setInt(cublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE, cublasLt.CUBLASLT_EPILOGUE_GELU_AUX_BIAS, arena);
            attributes.setLong(cublasLt.CUBLASLT_MATMUL_DESC_BIAS_POINTER, 0x7f0012345600L, arena);
            assertEquals(cublasLt.CUBLAS_OP_T, attributes.getInt(cublasLt.CUBLASLT_MATMUL_DESC_TRANSA, arena));
            assertEquals(cublasLt.CUBLASLT_EPILOGUE_GELU_AUX_BIAS,
                    attributes.getInt(cublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE, arena));
            assertEquals(0x7f0012345600L, attributes.getLong(cublasLt.CUBLASLT_MATMUL_DESC_BIAS_POINTER, arena));
            check(cublasLt.cublasLtMatmulDescDestroy(descriptor));
        }
    }

    @Test
    void matrixLayoutKeepsItsAttributes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment layout = create(arena,
                    out -> cublasLt.cublasLtMatrixLayoutCreate(out, cublasLt.CUDA_R_16BF, 257, 33, 264));
            Attributes attributes = new Attributes(
                    (name, value, bytes) -> cublasLt.cublasLtMatrixLayoutSetAttribute(layout, name, value, bytes),
                    (name, value, bytes, written) -> cublasLt.cublasLtMatrixLayoutGetAttribute(layout, name, value,
                            bytes, written));
            assertEquals(cublasLt.CUDA_R_16BF, attributes.getInt(cublasLt.CUBLASLT_MATRIX_LAYOUT_TYPE, arena));
            assertEquals(257, attributes.getLong(cublasLt.CUBLASLT_MATRIX_LAYOUT_ROWS, arena));
            assertEquals(33, attributes.getLong(cublasLt.CUBLASLT_MATRIX_LAYOUT_COLS, arena));
            assertEquals(264, attributes.getLong(cublasLt.CUBLASLT_MATRIX_LAYOUT_LD, arena));
            assertEquals(cublasLt.CUBLASLT_ORDER_COL, attributes.getInt(cublasLt.CUBLASLT_MATRIX_LAYOUT_ORDER, arena));
            attributes.setInt(cublasLt.CUBLASLT_MATRIX_LAYOUT_ORDER, cublasLt.CUBLASLT_ORDER_ROW, arena);
            attributes.setInt(cublasLt.CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, 7, arena);
            attributes.setLong(cublasLt.CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET, 257L * 264, arena);
            assertEquals(cublasLt.CUBLASLT_ORDER_ROW, attributes.getInt(cublasLt.CUBLASLT_MATRIX_LAYOUT_ORDER, arena));
            assertEquals(7, attributes.getInt(cublasLt.CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, arena));
            assertEquals(257L * 264,
                    attributes.getLong(cublasLt.CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET, arena));
            check(cublasLt.cublasLtMatrixLayoutDestroy(layout));
        }
    }

    @Test
    void preferenceKeepsItsAttributes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment preference = create(arena, cublasLt::cublasLtMatmulPreferenceCreate);
            Attributes attributes = new Attributes(
                    (name, value, bytes) -> cublasLt.cublasLtMatmulPreferenceSetAttribute(preference, name, value,
                            bytes),
                    (name, value, bytes, written) -> cublasLt.cublasLtMatmulPreferenceGetAttribute(preference, name,
                            value, bytes, written));
            attributes.setLong(cublasLt.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, 32L << 20, arena);
            attributes.setInt(cublasLt.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, 16, arena);
            assertEquals(32L << 20, attributes.getLong(cublasLt.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, arena));
            assertEquals(16, attributes.getInt(cublasLt.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, arena));
            assertEquals(cublasLt.CUBLAS_STATUS_INVALID_VALUE, cublasLt.cublasLtMatmulPreferenceSetAttribute(
                    preference, cublasLt.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, arena.allocate(8), 3));
            check(cublasLt.cublasLtMatmulPreferenceDestroy(preference));
        }
    }

    @Test
    void handleNeedsAGpu() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(Native.C_POINTER);
            int status = cublasLt.cublasLtCreate(out);
            if (NvidiaLibraries.hasGpu()) {
                check(status);
                check(cublasLt.cublasLtDestroy(out.get(Native.C_POINTER, 0)));
            } else {
                assertEquals(cublasLt.CUBLAS_STATUS_NOT_INITIALIZED, status);
            }
        }
    }

    private interface Constructor {
        int status(MemorySegment out);
    }

    private interface Setter {
        int status(int name, MemorySegment value, long bytes);
    }

    private interface Getter {
        int status(int name, MemorySegment value, long bytes, MemorySegment written);
    }

    /** The attributes of one descriptor; each is 4 or 8 bytes. */
    private record Attributes(Setter setter, Getter getter) {

        void setInt(int name, int value, Arena arena) {
            check(setter.status(name, arena.allocateFrom(ValueLayout.JAVA_INT, value), Integer.BYTES));
        }

        void setLong(int name, long value, Arena arena) {
            check(setter.status(name, arena.allocateFrom(ValueLayout.JAVA_LONG, value), Long.BYTES));
        }

        int getInt(int name, Arena arena) {
            return get(name, Integer.BYTES, arena).get(ValueLayout.JAVA_INT, 0);
        }

        long getLong(int name, Arena arena) {
            return get(name, Long.BYTES, arena).get(ValueLayout.JAVA_LONG, 0);
        }

        private MemorySegment get(int name, long bytes, Arena arena) {
            MemorySegment value = arena.allocate(Long.BYTES, Long.BYTES);
            MemorySegment written = arena.allocate(Native.C_LONG_LONG);
            check(getter.status(name, value, bytes, written));
            assertEquals(bytes, written.get(Native.C_LONG_LONG, 0));
            return value;
        }
    }

    private static MemorySegment create(Arena arena, Constructor constructor) {
        MemorySegment out = arena.allocate(Native.C_POINTER);
        check(constructor.status(out));
        MemorySegment created = out.get(Native.C_POINTER, 0);
        assertNotEquals(MemorySegment.NULL, created);
        return created;
    }

    private static void check(int status) {
        assertEquals("CUBLAS_STATUS_SUCCESS", cublasLt.cublasLtGetStatusName(status).getString(0));
    }
}
