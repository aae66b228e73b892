package dev.culebra.runtime.cublaslt;

import dev.culebra.runtime.DataType;

/**
 * How one operand of a matrix product lies in memory: row-major, its rows possibly apart.
 *
 * @param type the type of its elements
 * @param transposed whether it is stored transposed, op(X) = Xᵀ
 * @param rowStride the distance between the starts of two rows as stored, in elements
 * @param batchStride the distance between two matrices of a batch, in elements; 0 if all products read the same one
 */
public record MatrixLayout(DataType type, boolean transposed, long rowStride, long batchStride) {
    /** Contiguous, with nothing between rows or matrices, for op(X) of these sizes. */
    static MatrixLayout contiguous(DataType type, boolean transposed, int rows, int columns) {
        return new MatrixLayout(type, transposed, transposed ? rows : columns,
                Math.multiplyExact((long) rows, columns));
    }

    /** Checks that the matrix, op(X) of these sizes, does not overlap itself. */
    void check(String name, int rows, int columns) {
        int storedColumns = transposed ? rows : columns;
        if (rowStride < storedColumns) {
            throw new IllegalArgumentException("the rows of " + name + " have " + storedColumns
                    + " elements, but its rowStride is " + rowStride);
        }
        long extent = extent(rows, columns);
        if (batchStride != 0 && batchStride < extent) {
            throw new IllegalArgumentException("the matrices of " + name + " extend over " + extent
                    + " elements, but its batchStride is " + batchStride);
        }
    }

    /** How many bytes a batch of op(X) of these sizes takes. */
    long bytes(int rows, int columns, int batch) {
        return ((batch - 1) * batchStride + extent(rows, columns)) * type.bytes();
    }

    /** From the first to the last element of one matrix. */
    private long extent(int rows, int columns) {
        return transposed ? (columns - 1) * rowStride + rows : (rows - 1) * rowStride + columns;
    }
}
