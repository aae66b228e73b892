/**
 * The backend on an NVIDIA GPU: products through cuBLASLt, LSTMs through cuDNN, and everything else through kernels of its own,
 * whose sources lie in {@code src/main/cuda} and are compiled for the device at hand by NVRTC when they are first needed.
 *
 * <p>An operation has a class here and, unless a library does it all, a source of the same name with its kernels, forward and
 * backward together; the class says how they are launched.
 */
package dev.culebra.runtime.cuda;
