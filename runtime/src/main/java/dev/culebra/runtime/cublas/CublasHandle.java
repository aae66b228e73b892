package dev.culebra.runtime.cublas;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.ToIntFunction;

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
    private final Arena arena = Arena.ofShared();
    private final MemorySegment alpha = arena.allocate(ValueLayout.JAVA_FLOAT);
    private final MemorySegment beta = arena.allocate(ValueLayout.JAVA_FLOAT);

    private CublasHandle(Stream stream, MemorySegment handle) {
        super(handle, stream);
        this.stream = stream;
    }

    /**
     * Opens the library on a stream.
     *
     * @throws CublasException if that fails
     */
    public static CublasHandle create(Stream stream) {
        stream.context().makeCurrent();
        CublasHandle created = new CublasHandle(stream, create(cublas::cublasCreate_v2));
        try {
            Cublas.check("cublasSetStream", cublas.cublasSetStream_v2(created.handle(), stream.handle()));
        } catch (Throwable failure) {
            created.close();
            throw failure;
        }
        return created;
    }

    /** A new handle for whatever context is current. */
    static MemorySegment create(ToIntFunction<MemorySegment> call) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment out = scratch.allocate(ValueLayout.ADDRESS);
            Cublas.check("cublasCreate", call.applyAsInt(out));
            return out.get(ValueLayout.ADDRESS, 0);
        }
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
     */
    public void gemm(GemmShape shape, float alpha, GemmOperand a, GemmOperand b, float beta, GemmOperand c) {
        if (c.transposed()) {
            throw new IllegalArgumentException("C cannot be transposed");
        }
        stream.context().makeCurrent();
        this.alpha.set(ValueLayout.JAVA_FLOAT, 0, alpha);
        this.beta.set(ValueLayout.JAVA_FLOAT, 0, beta);
        int type = cublas.CUDA_R_32F;
        int status = cublas.cublasGemmStridedBatchedEx(handle(), operation(a), operation(b), shape.m(), shape.n(),
                shape.k(), this.alpha, a.check(shape.m(), shape.k(), shape.batch()), type, a.leadingDimension(),
                a.batchStride(), b.check(shape.k(), shape.n(), shape.batch()), type, b.leadingDimension(),
                b.batchStride(),
                this.beta, c.check(shape.m(), shape.n(), shape.batch()), type, c.leadingDimension(), c.batchStride(),
                shape.batch(), cublas.CUBLAS_COMPUTE_32F_PEDANTIC, cublas.CUBLAS_GEMM_DEFAULT);
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
    public record GemmShape(int m, int n, int k, int batch) {}

    /**
     * A matrix on the device, or a batch of them.
     *
     * @param region where it lies
     * @param transposed whether it is stored transposed
     * @param leadingDimension the distance between two columns, in elements
     * @param batchStride the distance between two matrices of the batch, in elements
     */
    public record GemmOperand(DeviceRegion region, boolean transposed, int leadingDimension, long batchStride) {
        /** The address of op(X), after it was checked that the memory is as large as op(X) of these sizes takes. */
        private MemorySegment check(int rows, int columns, int batch) {
            int storedRows = transposed ? columns : rows;
            int storedColumns = transposed ? rows : columns;
            long elements = (batch - 1) * batchStride + (storedColumns - 1L) * leadingDimension + storedRows;
            if (leadingDimension < storedRows || elements * Float.BYTES > region.bytes()) {
                throw new IllegalArgumentException(
                        "a matrix of " + rows + " x " + columns + " does not fit in " + this);
            }
            return MemorySegment.ofAddress(region.address());
        }
    }

    private static int operation(GemmOperand operand) {
        return operand.transposed() ? cublas.CUBLAS_OP_T : cublas.CUBLAS_OP_N;
    }

    @Override
    protected void destroy(MemorySegment handle) {
        arena.close();
        stream.context().makeCurrent();
        Cublas.check("cublasDestroy", cublas.cublasDestroy_v2(handle));
    }
}
