package dev.culebra.runtime.cublaslt;

import dev.culebra.runtime.DataType;

/**
 * A matrix product D = epilogue(alpha · op(A) op(B) + beta · C), or a batch of them; all matrices are row-major.
 *
 * <p>C lies like D, has D's type and may be the same memory. The vector and the pre-activation of the epilogue have D's type.
 *
 * <p>Types that cuBLASLt multiplies: A and B are both F32, both BF16 or both F64; D is of the same type, or F32 for BF16
 * operands. Any size works, but rows that do not start on 16 bytes leave the fast paths. Source:
 * https://docs.nvidia.com/cuda/cublas/#cublasltmatmul.
 *
 * @param shape the sizes
 * @param a how A lies, op(A) being (m, k)
 * @param b how B lies, op(B) being (k, n)
 * @param d how C and D lie, (m, n), never transposed
 * @param compute in which arithmetic
 * @param epilogue what is done before the result is stored
 */
public record MatmulSpec(MatmulShape shape, MatrixLayout a, MatrixLayout b, MatrixLayout d, ComputeType compute,
        Epilogue epilogue) {
    private static final int MASK_ALIGNMENT = 128;
    private static final int PRE_ACTIVATION_ALIGNMENT = 8;

    /**
     * Checks that the layouts fit the sizes, the types each other, and all of it in memory.
     *
     * @throws IllegalArgumentException if they do not
     */
    public MatmulSpec {
        a.check("A", shape.m(), shape.k(), shape.batch());
        b.check("B", shape.k(), shape.n(), shape.batch());
        d.check("D", shape.m(), shape.n(), shape.batch());
        if (d.transposed()) {
            throw new IllegalArgumentException("D cannot be transposed: swap A and B, and transpose both");
        }
        if (shape.batch() > 1 && d.batchStride() == 0) {
            throw new IllegalArgumentException("the products of a batch cannot share one D");
        }
        if (!multiplies(a.type(), b.type(), d.type(), compute)) {
            throw new IllegalArgumentException(
                    "cuBLASLt has no product of " + a.type() + " and " + b.type() + " giving "
                            + d.type() + " computed in " + compute);
        }
    }

    /** Contiguous matrices of one type, neither transposed, without epilogue. */
    public static MatmulSpec of(MatmulShape shape, DataType type, ComputeType compute) {
        return new MatmulSpec(shape, MatrixLayout.contiguous(type, false, shape.m(), shape.k()),
                MatrixLayout.contiguous(type, false, shape.k(), shape.n()),
                MatrixLayout.contiguous(type, false, shape.m(), shape.n()), compute, Epilogue.NONE);
    }

    /** The same with A contiguous and stored transposed, as (k, m). */
    public MatmulSpec transposeA() {
        MatrixLayout transposed = MatrixLayout.contiguous(a.type(), true, shape.m(), shape.k());
        return new MatmulSpec(shape, transposed, b, d, compute, epilogue);
    }

    /** The same with B contiguous and stored transposed, as (n, k): the weight of a linear layer. */
    public MatmulSpec transposeB() {
        MatrixLayout transposed = MatrixLayout.contiguous(b.type(), true, shape.k(), shape.n());
        return new MatmulSpec(shape, a, transposed, d, compute, epilogue);
    }

    /** The same with C and D of another type. */
    public MatmulSpec output(DataType type) {
        MatrixLayout output = new MatrixLayout(type, false, d.rowStride(), d.batchStride());
        return new MatmulSpec(shape, a, b, output, compute, epilogue);
    }

    /** The same with another epilogue. */
    public MatmulSpec with(Epilogue other) {
        return new MatmulSpec(shape, a, b, d, compute, other);
    }

    /** How many bytes A takes, or the batch of them. */
    public long bytesOfA() {
        return a.bytes(shape.m(), shape.k(), shape.batch());
    }

    /** How many bytes B takes, or the batch of them. */
    public long bytesOfB() {
        return b.bytes(shape.k(), shape.n(), shape.batch());
    }

    /** How many bytes D takes, or the batch of them; C takes as many. */
    public long bytesOfD() {
        return d.bytes(shape.m(), shape.n(), shape.batch());
    }

    /** How many elements, of D's type, the epilogue's vector has: 0 without one. */
    public long vectorElements() {
        return switch (epilogue.vector()) {
            case NONE -> 0;
            case BIAS -> shape.n();
            case BIAS_GRADIENT, SUM_OF_B -> (long) shape.batch() * shape.n();
            case SUM_OF_A -> (long) shape.batch() * shape.m();
        };
    }

    /**
     * The distance between two rows of the epilogue's auxiliary memory: in bits of a ReLU's mask, in elements of a
     * pre-activation; 0 without one.
     */
    public long auxiliaryRowStride() {
        return switch (epilogue.auxiliary()) {
            case NONE -> 0;
            case RELU_MASK -> roundUp(shape.n(), MASK_ALIGNMENT);
            case PRE_ACTIVATION -> roundUp(shape.n(), PRE_ACTIVATION_ALIGNMENT);
        };
    }

    /**
     * How many bytes the epilogue's auxiliary memory takes: 0 without one.
     *
     * @throws ArithmeticException if that is more than any memory has
     */
    public long auxiliaryBytes() {
        long rows = (long) shape.m() * shape.batch();
        return switch (epilogue.auxiliary()) {
            case NONE -> 0;
            case RELU_MASK -> Math.multiplyExact(rows, auxiliaryRowStride() / Byte.SIZE);
            case PRE_ACTIVATION -> Math.multiplyExact(rows, auxiliaryRowStride() * d.type().bytes());
        };
    }

    private static boolean multiplies(DataType a, DataType b, DataType d, ComputeType compute) {
        return a == b && switch (a) {
            case F32 -> d == DataType.F32 && (compute == ComputeType.STRICT_F32 || compute == ComputeType.F32
                    || compute == ComputeType.TF32);
            case BF16 -> (d == DataType.BF16 || d == DataType.F32)
                    && (compute == ComputeType.STRICT_F32 || compute == ComputeType.F32);
            case F64 -> d == DataType.F64 && compute == ComputeType.F64;
            case I32 -> false;
        };
    }

    private static long roundUp(int value, int multiple) {
        return ((long) value + multiple - 1) / multiple * multiple;
    }
}
