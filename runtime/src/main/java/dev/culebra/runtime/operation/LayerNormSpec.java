package dev.culebra.runtime.operation;

/**
 * What a layer normalisation computes: over the last axis of s = x + r.
 *
 * @param rows the number of rows
 * @param features the size of the last axis
 * @param epsilon added to the variance
 * @param residual whether there is an r to add; without it s = x
 */
public record LayerNormSpec(int rows, int features, double epsilon, boolean residual) {
    /** Checks the sizes and that epsilon is not negative. */
    public LayerNormSpec {
        Specs.requirePositive("rows", rows);
        Specs.requirePositive("features", features);
        if (!(epsilon >= 0)) {
            throw new IllegalArgumentException("epsilon must not be negative, but is " + epsilon);
        }
    }
}
