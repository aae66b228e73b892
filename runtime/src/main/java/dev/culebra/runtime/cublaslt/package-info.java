/**
 * cuBLASLt, checked and owning: matrix products whose algorithm is chosen once, by the library's heuristics, by timing or from
 * an earlier run, and whose epilogue adds a bias, applies an activation, or computes their gradients.
 *
 * <p>Everything here speaks of row-major matrices, as Culebra's tensors are. cuBLASLt thinks in columns;
 * {@link dev.culebra.runtime.cublaslt.ColumnMajorMatmul} is the one place that translates.
 *
 * <p>Source: the cuBLAS documentation, https://docs.nvidia.com/cuda/cublas/#using-the-cublaslt-api.
 */
package dev.culebra.runtime.cublaslt;
