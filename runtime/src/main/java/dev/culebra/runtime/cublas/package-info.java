/**
 * cuBLAS, checked and owning, as far as it is needed beside {@link dev.culebra.runtime.cublaslt}: its handle, and the batched
 * matrix product.
 *
 * <p>Source: the cuBLAS documentation, https://docs.nvidia.com/cuda/cublas/.
 */
package dev.culebra.runtime.cublas;
