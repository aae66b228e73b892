package dev.culebra.runtime.cublaslt;

/**
 * The sizes of a matrix product, or of a batch of them.
 *
 * @param m the rows of op(A) and D
 * @param n the columns of op(B) and D
 * @param k the columns of op(A) and rows of op(B)
 * @param batch how many products of these sizes are computed at once
 */
public record MatmulShape(int m, int n, int k, int batch) {
    /** Checks that all sizes are positive. */
    public MatmulShape {
        requirePositive("m", m);
        requirePositive("n", n);
        requirePositive("k", k);
        requirePositive("batch", batch);
    }

    /** One product. */
    public static MatmulShape of(int m, int n, int k) {
        return new MatmulShape(m, n, k, 1);
    }

    private static void requirePositive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, but is " + value);
        }
    }
}
