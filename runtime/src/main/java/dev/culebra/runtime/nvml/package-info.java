/**
 * NVML, checked and owning: what a GPU is doing and how much of its memory this process takes. Status codes become
 * {@link dev.culebra.runtime.nvml.NvmlException}s. It comes with the driver and needs no CUDA context.
 *
 * <p>Source: the NVML reference, https://docs.nvidia.com/deploy/nvml-api/.
 */
package dev.culebra.runtime.nvml;
