package dev.culebra.runtime.cublaslt;

/**
 * How long an algorithm took.
 *
 * @param algorithm the algorithm
 * @param milliseconds the time of one product: the shortest of those measured
 */
public record MatmulTiming(MatmulAlgorithm algorithm, double milliseconds) {}
