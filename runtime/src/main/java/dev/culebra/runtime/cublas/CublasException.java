package dev.culebra.runtime.cublas;

import java.util.Optional;

import dev.culebra.bindings.cublas.cublas;

/**
 * A call of cuBLAS or cuBLASLt that failed. Both return the same {@code cublasStatus_t}; the name of the function says which
 * of them it was.
 */
public final class CublasException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final String KNOWN_NAME = "CUBLAS_STATUS_";

    private final String function;
    private final int status;
    private final String name;

    /**
     * Made by the checks of the two libraries.
     *
     * @param function the C function that failed
     * @param status what it returned
     * @param name the status as the library spells it
     * @param text the library's words for it
     * @param request what was asked of the function; may be empty
     */
    public CublasException(String function, int status, String name, String text, String request) {
        super((isKnown(name) ? name + " (" + status + ")" : "status " + status) + " from " + function
                + ": " + text + (request.isEmpty() ? "" : "; asked for " + request) + advice(status));
        this.function = function;
        this.status = status;
        this.name = name;
    }

    /** The C function that failed. */
    public String function() {
        return function;
    }

    /** What it returned, a {@code cublasStatus_t}. */
    public int status() {
        return status;
    }

    /** Whether the library or the device does not have what was asked for. */
    public boolean isNotSupported() {
        return status == cublas.CUBLAS_STATUS_NOT_SUPPORTED;
    }

    /** The name of the status, such as {@code CUBLAS_STATUS_NOT_SUPPORTED}; empty if the library does not know it. */
    public Optional<String> name() {
        return Optional.of(name).filter(CublasException::isKnown);
    }

    /** The library has a text, too, for the name of what it does not know. */
    private static boolean isKnown(String name) {
        return name.startsWith(KNOWN_NAME);
    }

    private static String advice(int status) {
        return switch (status) {
            case cublas.CUBLAS_STATUS_NOT_INITIALIZED ->
                ". It needs an NVIDIA GPU, its driver, and a CUDA context that is current on this thread";
            case cublas.CUBLAS_STATUS_ALLOC_FAILED ->
                ". Use a smaller batch or workspace, or close other programs on the GPU";
            default -> "";
        };
    }
}
