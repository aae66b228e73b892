package dev.culebra.bindings.examples;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.cublaslt.cublasLt;
import dev.culebra.bindings.cuda.cuda;

/** C = A B on the first GPU through cublasLtMatmul: n x n matrices of floats, column after column. */
public final class Matmul {
    private Matmul() {}

    /** A = 2 I and B full of ones, so every element of C is 2. */
    public static void main(String[] args) {
        int n = 256;
        long bytes = 4L * n * n;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG); // Receives one result after the other.
            check(cuda.cuInit(0));
            check(cuda.cuDevicePrimaryCtxRetain(out, 0));
            check(cuda.cuCtxSetCurrent(out.get(Native.C_POINTER, 0)));
            check(cuda.cuMemAlloc(out, 3 * bytes));
            MemorySegment a = MemorySegment.ofAddress(out.get(ValueLayout.JAVA_LONG, 0));
            MemorySegment b = MemorySegment.ofAddress(a.address() + bytes);
            MemorySegment c = MemorySegment.ofAddress(b.address() + bytes);
            MemorySegment host = arena.allocate(ValueLayout.JAVA_FLOAT, (long) n * n);
            for (int i = 0; i < n; i++) {
                host.setAtIndex(ValueLayout.JAVA_FLOAT, (long) i * n + i, 2);
            }
            check(cuda.cuMemcpyHtoD(a.address(), host, bytes));
            check(cuda.cuMemsetD32(b.address(), Float.floatToIntBits(1), (long) n * n));
            check(cublasLt.cublasLtCreate(out));
            MemorySegment handle = out.get(Native.C_POINTER, 0);
            check(cublasLt.cublasLtMatmulDescCreate(out, cublasLt.CUBLAS_COMPUTE_32F, cublasLt.CUDA_R_32F));
            MemorySegment product = out.get(Native.C_POINTER, 0);
            check(cublasLt.cublasLtMatrixLayoutCreate(out, cublasLt.CUDA_R_32F, n, n, n));
            MemorySegment layout = out.get(Native.C_POINTER, 0);
            MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1);
            MemorySegment zero = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 0);
            check(cublasLt.cublasLtMatmul(handle, product, one, a, layout, b, layout, zero, c, layout, c, layout,
                    MemorySegment.NULL, MemorySegment.NULL, 0, MemorySegment.NULL));
            check(cuda.cuMemcpyDtoH(host, c.address(), bytes));
            System.out.println("C[0] = " + host.getAtIndex(ValueLayout.JAVA_FLOAT, 0)); // 2.0
            check(cublasLt.cublasLtMatrixLayoutDestroy(layout));
            check(cublasLt.cublasLtMatmulDescDestroy(product));
            check(cublasLt.cublasLtDestroy(handle));
            check(cuda.cuMemFree(a.address()));
            check(cuda.cuDevicePrimaryCtxRelease(0));
        }
    }

    private static void check(int status) {
        if (status != 0) {
            throw new IllegalStateException("status " + status);
        }
    }
}
