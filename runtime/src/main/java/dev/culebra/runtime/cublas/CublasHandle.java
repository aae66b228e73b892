package dev.culebra.runtime.cublas;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.culebra.bindings.cublas.cublas;
import dev.culebra.runtime.NativeObject;
import dev.culebra.runtime.driver.DeviceRegion;
import dev.culebra.runtime.driver.Stream;

/**
 * cuBLAS on one stream. It brings its own workspace. One thread at a time.
 *
 * <p>Source: https://docs.nvidia.com/cuda/cublas/#cublascreate.
 */
public final class CublasHandle extends NativeObject {
    private final Stream stream;
    private final MemorySegment alpha = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT);
    private final MemorySegment beta = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT);

    private CublasHandle(Stream stream) {
        super(() -> {
            stream.context().makeCurrent();
            return Cublas.create("cublasCreate_v2", cublas::cublasCreate_v2);
        }, 0, stream);
        this.stream = stream;
    }

    /**
     * Opens the library on a stream.
     *
     * @throws CublasException if that fails
     * @throws IllegalStateException if the stream is closed
     */
    public static CublasHandle create(Stream stream) {
        CublasHandle created = new CublasHandle(stream);
        try {
            Cublas.check("cublasSetStream_v2", cublas.cublasSetStream_v2(created.handle(), stream.handle()));
        } catch (Throwable failure) {
            created.closeAfter(failure);
            throw failure;
        }
        return created;
    }

    /** The stream it works on. */
    public Stream stream() {
        return stream;
    }

    /**
     * C = alpha · op(A) op(B) + beta · C for each product of a batch, in F32 to the letter; all matrices column-major, as
     * BLAS has them. Returns when the work is queued.
     *
     * @param a op(A), (m, k)
     * @param b op(B), (k, n)
     * @param c C, (m, n), never transposed; with beta 0 it is overwritten without being read
     * @throws CublasException if the library refuses
     * @throws IllegalArgumentException if a matrix does not fit in its memory, overlaps itself, or is on another device
     * @throws IllegalStateException if the handle is closed or memory has been freed
     */
    public void gemm(GemmShape shape, float alpha, GemmOperand a, GemmOperand b, float beta, GemmOperand c) {
        MemorySegment library = handle();
        a.check("A", shape.m(), shape.k(), shape.batch(), stream);
        b.check("B", shape.k(), shape.n(), shape.batch(), stream);
        c.check("C", shape.m(), shape.n(), shape.batch(), stream);
        if (c.transposed()) {
            throw new IllegalArgumentException("C cannot be transposed: swap A and B, and transpose both");
        }
        if (shape.batch() > 1 && c.batchStride() == 0) {
            throw new IllegalArgumentException("the products of a batch cannot share one C");
        }
        stream.context().makeCurrent();
        this.alpha.set(ValueLayout.JAVA_FLOAT, 0, alpha);
        this.beta.set(ValueLayout.JAVA_FLOAT, 0, beta);
        int type = cublas.CUDA_R_32F;
        int status = cublas.cublasGemmStridedBatchedEx(library, operation(a), operation(b), shape.m(), shape.n(),
                shape.k(), this.alpha, a.address(), type, a.leadingDimension(), a.batchStride(), b.address(), type,
                b.leadingDimension(), b.batchStride(), this.beta, c.address(), type, c.leadingDimension(),
                c.batchStride(), shape.batch(), cublas.CUBLAS_COMPUTE_32F_PEDANTIC, cublas.CUBLAS_GEMM_DEFAULT);
        if (status != cublas.CUBLAS_STATUS_SUCCESS) {
            throw Cublas.failure("cublasGemmStridedBatchedEx", status, shape.toString());
        }
        stream.keep(a.region().owner());
        stream.keep(b.region().owner());
        stream.keep(c.region().owner());
    }

    /**
     * The sizes of a batch of products.
     *
     * @param m the rows of op(A) and C
     * @param n the columns of op(B) and C
     * @param k the columns of op(A) and rows of op(B)
     * @param batch how many products
     */
    public record GemmShape(int m, int n, int k, int batch) {
        /** Checks that all are positive. */
        public GemmShape {
            if (m <= 0 || n <= 0 || k <= 0 || batch <= 0) {
                throw new IllegalArgumentException(
                        "sizes must be positive, but are " + m + ", " + n + ", " + k + ", " + batch);
            }
        }
    }

    /**
     * A matrix on the device, or a batch of them.
     *
     * @param region where it lies
     * @param transposed whether it is stored transposed
     * @param leadingDimension the distance between two columns, in elements
     * @param batchStride the distance between two matrices of the batch, in elements; 0 if all products read the same one
     */
    public record GemmOperand(DeviceRegion region, boolean transposed, int leadingDimension, long batchStride) {
        /** Checks that a batch of op(X) of these sizes lies in the memory, and does not overlap itself. */
        void check(String name, int rows, int columns, int batch, Stream stream) {
            int storedRows = transposed ? columns : rows;
            int storedColumns = transposed ? rows : columns;
            if (leadingDimension < storedRows) {
                throw new IllegalArgumentException("the columns of " + name + " have " + storedRows
                        + " elements, but its leadingDimension is " + leadingDimension);
            }
            long extent = (storedColumns - 1L) * leadingDimension + storedRows;
            if (batchStride != 0 && batchStride < extent) {
                throw new IllegalArgumentException("the matrices of " + name + " extend over " + extent
                        + " elements, but its batchStride is " + batchStride);
            }
            region.requireUsable(name, bytes(name, batch, extent), stream);
        }

        private long bytes(String name, int batch, long extent) {
            try {
                return Math.multiplyExact(Math.addExact(Math.multiplyExact(batch - 1L, batchStride), extent),
                        Float.BYTES);
            } catch (ArithmeticException overflow) {
                throw new IllegalArgumentException(name + " is larger than any memory", overflow);
            }
        }

        private MemorySegment address() {
            return MemorySegment.ofAddress(region.address());
        }
    }

    private static int operation(GemmOperand operand) {
        return operand.transposed() ? cublas.CUBLAS_OP_T : cublas.CUBLAS_OP_N;
    }

    @Override
    protected void destroy(MemorySegment handle) {
        stream.context().makeCurrent();
        Cublas.check("cublasDestroy_v2", cublas.cublasDestroy_v2(handle));
    }
}
