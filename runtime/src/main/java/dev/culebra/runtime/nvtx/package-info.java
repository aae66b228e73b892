/**
 * NVTX: names for what the program is doing, which profilers such as Nsight Systems show beside what the GPU is doing.
 *
 * <p>A profiler starts the program and attaches by itself, as {@code nsys profile java ...} does; what it sets for this is the
 * environment variable {@code NVTX_INJECTION64_PATH}, which names its library. Without a profiler a range costs a call that
 * does nothing, without the library {@code libnvtx3interop} not even that.
 *
 * <p>Source: the NVTX reference, https://nvidia.github.io/NVTX/.
 */
package dev.culebra.runtime.nvtx;
