package dev.culebra.runtime.standin;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.ToIntFunction;

import dev.culebra.bindings.cublaslt.cublasLt;
import dev.culebra.bindings.cublaslt.cublasLtMatmulHeuristicResult_t;
import dev.culebra.runtime.driver.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A product of 8 x 8 matrices of floats by the raw calls, of which a test makes a wrong one. */
final class RawMatmul implements AutoCloseable {
    static final int A = 0;
    static final int B = 1;
    static final int C = 2;
    static final int D = 3;
    private static final int SIZE = 8;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment handle = create(cublasLt::cublasLtCreate);
    private final MemorySegment operation = create(
            out -> cublasLt.cublasLtMatmulDescCreate(out, cublasLt.CUBLAS_COMPUTE_32F, cublasLt.CUDA_R_32F));
    private final MemorySegment preference = create(cublasLt::cublasLtMatmulPreferenceCreate);
    private final MemorySegment[] layouts = new MemorySegment[4];

    RawMatmul() {
        for (int matrix = 0; matrix < layouts.length; matrix++) {
            layouts[matrix] = create(
                    out -> cublasLt.cublasLtMatrixLayoutCreate(out, cublasLt.CUDA_R_32F, SIZE, SIZE, SIZE));
        }
    }

    private MemorySegment create(ToIntFunction<MemorySegment> call) {
        MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
        succeed(call.applyAsInt(out));
        return out.get(ValueLayout.ADDRESS, 0);
    }

    private static void succeed(int status) {
        assertEquals(cublasLt.CUBLAS_STATUS_SUCCESS, status);
    }

    void layout(int matrix, int attribute, int value) {
        succeed(cublasLt.cublasLtMatrixLayoutSetAttribute(layouts[matrix], attribute,
                arena.allocateFrom(ValueLayout.JAVA_INT, value), Integer.BYTES));
    }

    void layout(int matrix, int attribute, long value) {
        succeed(cublasLt.cublasLtMatrixLayoutSetAttribute(layouts[matrix], attribute,
                arena.allocateFrom(ValueLayout.JAVA_LONG, value), Long.BYTES));
    }

    void operation(int attribute, int value) {
        succeed(cublasLt.cublasLtMatmulDescSetAttribute(operation, attribute,
                arena.allocateFrom(ValueLayout.JAVA_INT, value), Integer.BYTES));
    }

    /** An epilogue with auxiliary memory of this leading dimension. */
    void auxiliary(int epilogue, long leadingDimension) {
        operation(cublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE, epilogue);
        succeed(cublasLt.cublasLtMatmulDescSetAttribute(operation, cublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD,
                arena.allocateFrom(ValueLayout.JAVA_LONG, leadingDimension), Long.BYTES));
    }

    /** Asks for an algorithm; the status. */
    int heuristic() {
        return cublasLt.cublasLtMatmulAlgoGetHeuristic(handle, operation, layouts[A], layouts[B], layouts[C],
                layouts[D],
                preference, 1, cublasLtMatmulHeuristicResult_t.allocateArray(1, arena),
                arena.allocate(ValueLayout.JAVA_INT));
    }

    /** How many algorithms there are that make do with a workspace, whatever their reduction scheme. */
    int algorithms(long workspaceBytes) {
        succeed(cublasLt.cublasLtMatmulPreferenceSetAttribute(preference,
                cublasLt.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES,
                arena.allocateFrom(ValueLayout.JAVA_LONG, workspaceBytes), Long.BYTES));
        MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
        succeed(cublasLt.cublasLtMatmulAlgoGetHeuristic(handle, operation, layouts[A], layouts[B], layouts[C],
                layouts[D], preference, 8, cublasLtMatmulHeuristicResult_t.allocateArray(8, arena), count));
        return count.get(ValueLayout.JAVA_INT, 0);
    }

    /** Multiplies with alpha 1 and beta 0, by an algorithm that the library chooses; the status. */
    int multiply(long a, long b, long d, Stream stream) {
        MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1);
        MemorySegment zero = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 0);
        MemorySegment result = MemorySegment.ofAddress(d);
        return cublasLt.cublasLtMatmul(handle, operation, one, MemorySegment.ofAddress(a), layouts[A],
                MemorySegment.ofAddress(b), layouts[B], zero, result, layouts[C], result, layouts[D],
                MemorySegment.NULL, MemorySegment.NULL, 0, stream.handle());
    }

    @Override
    public void close() {
        for (MemorySegment layout : layouts) {
            succeed(cublasLt.cublasLtMatrixLayoutDestroy(layout));
        }
        succeed(cublasLt.cublasLtMatmulPreferenceDestroy(preference));
        succeed(cublasLt.cublasLtMatmulDescDestroy(operation));
        succeed(cublasLt.cublasLtDestroy(handle));
        arena.close();
    }
}
