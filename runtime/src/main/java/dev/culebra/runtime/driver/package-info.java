/**
 * The CUDA driver API, checked and owning: status codes become {@link dev.culebra.runtime.driver.CudaException}s, handles
 * become objects that keep what they depend on open and are closed once.
 *
 * <p>A {@link dev.culebra.runtime.driver.Device} is a GPU. A {@link dev.culebra.runtime.driver.Context} holds its primary
 * context; all else is made from a context and belongs to it: {@link dev.culebra.runtime.driver.Stream}s of work,
 * {@link dev.culebra.runtime.driver.Event}s, a {@link dev.culebra.runtime.driver.MemoryPool} that hands out
 * {@link dev.culebra.runtime.driver.DeviceMemory}, {@link dev.culebra.runtime.driver.PinnedMemory} of the host, and
 * {@link dev.culebra.runtime.driver.Module}s with {@link dev.culebra.runtime.driver.Kernel}s. Work that is always the same
 * is captured once as a {@link dev.culebra.runtime.driver.CudaGraph} and replayed as an
 * {@link dev.culebra.runtime.driver.ExecutableGraph}.
 *
 * <p><b>Threads.</b> The driver has a current context per thread of the operating system: every method here makes its own
 * context current first, so that any thread may call it. Two threads must not use the same object at the same time,
 * except that {@code Device}, {@code Context} and {@code MemoryPool} may be shared.
 *
 * <p><b>Errors.</b> Work on the device fails later than the call that queued it; such a failure is reported by whatever
 * call comes next, and the context cannot be used after it: see {@link dev.culebra.runtime.driver.CudaException}.
 *
 * <p>Source: the CUDA driver API, https://docs.nvidia.com/cuda/cuda-driver-api/.
 */
package dev.culebra.runtime.driver;
