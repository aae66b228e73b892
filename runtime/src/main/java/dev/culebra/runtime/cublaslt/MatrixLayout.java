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
    public static MatrixLayout contiguous(DataType type, boolean transposed, int rows, int columns) {
        return new MatrixLayout(type, transposed, transposed ? rows : columns,
                Math.multiplyExact((long) rows, columns));
    }

    /** Checks that a batch of op(X) of these sizes does not overlap itself, and could be in memory. */
    void check(String name, int rows, int columns, int batch) {
        int storedColumns = transposed ? rows : columns;
        if (rowStride < storedColumns) {
            throw new IllegalArgumentException("the rows of " + name + " have " + storedColumns
                    + " elements, but its rowStride is " + rowStride);
        }
        long extent;
        try {
            extent = extent(rows, columns);
            bytes(rows, columns, batch);
        } catch (ArithmeticException overflow) {
            throw new IllegalArgumentException(name + " is larger than any memory", overflow);
        }
        if (batchStride != 0 && batchStride < extent) {
            throw new IllegalArgumentException("the matrices of " + name + " extend over " + extent
                    + " elements, but its batchStride is " + batchStride);
        }
    }

    /** How many bytes a batch of op(X) of these sizes takes. */
    long bytes(int rows, int columns, int batch) {
        long others = Math.multiplyExact(batch - 1L, batchStride);
        return Math.multiplyExact(Math.addExact(others, extent(rows, columns)), type.bytes());
    }

    /** From the first to the last element of one matrix. */
    private long extent(int rows, int columns) {
        int storedRows = transposed ? columns : rows;
        int storedColumns = transposed ? rows : columns;
        return Math.addExact(Math.multiplyExact(storedRows - 1L, rowStride), storedColumns);
    }
}
