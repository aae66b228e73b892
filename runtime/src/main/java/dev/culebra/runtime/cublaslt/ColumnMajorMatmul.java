package dev.culebra.runtime.cublaslt;

import dev.culebra.runtime.DataType;

/**
 * A row-major matrix product as cuBLASLt must be told of it. This is the one place where rows become columns.
 *
 * <p>Memory that holds X (r, c) row by row, with a distance of s elements between rows, holds Xᵀ (c, r) column by column
 * with the leading dimension s. So without moving anything the library sees Aᵀ, Bᵀ and Dᵀ, and
 * <pre>
 *   D = op(A) op(B)    is    Dᵀ = op(B)ᵀ op(A)ᵀ    (n, m) = (n, k) (k, m)
 * </pre>
 * Its first operand is our B, its second our A, its m our n. Our B, when not transposed, is stored (k, n); the library sees
 * (n, k), which is the op(B)ᵀ it needs, so it need not transpose either; and when ours is transposed, so is its. What it
 * calls a row of D is a column of ours: its bias "of the length of D's rows" goes to our columns, as a linear layer
 * wants it, and its sums over columns of D are our sums over rows.
 *
 * @param first our B
 * @param second our A
 * @param result our C and D
 * @param epilogue the {@code cublasLtEpilogue_t}
 * @param vectorBatchStride the distance between the epilogue's vectors of two products, in elements; 0 if they share one
 * @param auxiliary the leading dimension and batch stride of the epilogue's auxiliary memory, in bits or elements
 */
public record ColumnMajorMatmul(Operand first, Operand second, Operand result, int epilogue, long vectorBatchStride,
        AuxiliaryLayout auxiliary) {
    /**
     * A matrix as the library sees it.
     *
     * @param type its elements
     * @param transposed whether the library shall transpose it
     * @param rows its rows as stored, before it is transposed
     * @param columns its columns as stored
     * @param leadingDimension the distance between two columns, in elements
     * @param batch how many there are
     * @param batchStride the distance between two of them, in elements
     */
    public record Operand(DataType type, boolean transposed, long rows, long columns, long leadingDimension, int batch,
            long batchStride) {}

    /**
     * The memory that a forward epilogue leaves to its gradient; both 0 without one.
     *
     * @param leadingDimension the distance between two columns
     * @param batchStride the distance between the memories of two products
     */
    public record AuxiliaryLayout(long leadingDimension, long batchStride) {}

    /** The library's view of a product. */
    public static ColumnMajorMatmul of(MatmulSpec spec) {
        MatmulShape shape = spec.shape();
        Epilogue.Vector vector = spec.epilogue().vector();
        boolean sharesVector = vector == Epilogue.Vector.NONE || vector == Epilogue.Vector.BIAS;
        long rowStride = spec.auxiliaryRowStride();
        return new ColumnMajorMatmul(operand(spec.b(), shape.k(), shape.n(), shape.batch()),
                operand(spec.a(), shape.m(), shape.k(), shape.batch()),
                operand(spec.d(), shape.m(), shape.n(), shape.batch()), spec.epilogue().code(),
                sharesVector ? 0 : spec.vectorElements() / shape.batch(),
                new AuxiliaryLayout(rowStride, rowStride * shape.m()));
    }

    /** A matrix that is (rows, columns) to us after it was transposed. */
    private static Operand operand(MatrixLayout layout, int rows, int columns, int batch) {
        int storedRows = layout.transposed() ? columns : rows;
        int storedColumns = layout.transposed() ? rows : columns;
        return new Operand(layout.type(), layout.transposed(), storedColumns, storedRows, layout.rowStride(), batch,
                layout.batchStride());
    }
}
