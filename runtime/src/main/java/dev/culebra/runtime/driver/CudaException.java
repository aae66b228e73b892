package dev.culebra.runtime.driver;

import java.util.Optional;

import dev.culebra.bindings.cuda.cuda;

/**
 * A call of the CUDA driver API that failed.
 *
 * <p>Some failures are <em>sticky</em>: work on the device went wrong, the context is damaged, and every later call in the
 * process returns the same status. What reported it need not be what caused it, because work is asynchronous. Objects can
 * still be closed after a sticky error, and closing them does not report it a second time; all that helps is to end the
 * process.
 *
 * <p>Source: {@code CUresult} in https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html.
 */
public sealed class CudaException extends RuntimeException permits CudaOutOfMemoryException {
    private static final long serialVersionUID = 1;

    private final String function;
    private final int status;
    private final String name;

    CudaException(String function, int status, String name, String text) {
        super(message(function, status, name, text));
        this.function = function;
        this.status = status;
        this.name = name;
    }

    /** The C function that reported the failure. */
    public final String function() {
        return function;
    }

    /** What it returned, a {@code CUresult}. */
    public final int status() {
        return status;
    }

    /** The name of the status, such as {@code CUDA_ERROR_INVALID_VALUE}; empty if the driver does not know it. */
    public final Optional<String> name() {
        return Optional.of(name).filter(known -> !known.isEmpty());
    }

    /** Whether the context is damaged, so that the process must end before the device can be used again. */
    public final boolean isSticky() {
        return isSticky(status);
    }

    static boolean isSticky(int status) {
        return switch (status) {
            case cuda.CUDA_ERROR_ECC_UNCORRECTABLE, cuda.CUDA_ERROR_NVLINK_UNCORRECTABLE, cuda.CUDA_ERROR_CONTAINED,
                    cuda.CUDA_ERROR_ILLEGAL_ADDRESS, cuda.CUDA_ERROR_LAUNCH_TIMEOUT, cuda.CUDA_ERROR_ASSERT,
                    cuda.CUDA_ERROR_HARDWARE_STACK_ERROR, cuda.CUDA_ERROR_ILLEGAL_INSTRUCTION,
                    cuda.CUDA_ERROR_MISALIGNED_ADDRESS, cuda.CUDA_ERROR_INVALID_ADDRESS_SPACE,
                    cuda.CUDA_ERROR_INVALID_PC, cuda.CUDA_ERROR_LAUNCH_FAILED, cuda.CUDA_ERROR_TENSOR_MEMORY_LEAK,
                    cuda.CUDA_ERROR_MPS_CLIENT_TERMINATED, cuda.CUDA_ERROR_EXTERNAL_DEVICE ->
                true;
            default -> false;
        };
    }

    private static String message(String function, int status, String name, String text) {
        StringBuilder message = new StringBuilder();
        if (name.isEmpty()) {
            message.append("CUDA status ").append(status);
        } else {
            message.append(name).append(" (").append(status).append(')');
        }
        message.append(" from ").append(function);
        if (!text.isEmpty()) {
            message.append(": ").append(text);
        }
        if (isSticky(status)) {
            message.append("; work that was queued earlier may have caused it. No further CUDA work is possible in this"
                    + " process: run it again with CUDA_LAUNCH_BLOCKING=1 in the environment to see which call failed");
        }
        return message.toString();
    }
}
