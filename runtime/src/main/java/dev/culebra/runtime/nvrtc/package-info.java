/**
 * NVRTC, checked and owning: CUDA C++ compiled at run time, for the device at hand or any other, and kept on disk. Status
 * codes become {@link dev.culebra.runtime.nvrtc.NvrtcException}s, which carry the compiler's whole log. No GPU is needed.
 *
 * <p>Source: the NVRTC guide, https://docs.nvidia.com/cuda/nvrtc/.
 */
package dev.culebra.runtime.nvrtc;
