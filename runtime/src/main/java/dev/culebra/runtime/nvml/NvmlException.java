package dev.culebra.runtime.nvml;

/** A call of NVML that failed. */
public final class NvmlException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String function;
    private final int status;
    private final String name;

    NvmlException(String function, int status, String name, String text) {
        super("%s (%d) from %s: %s".formatted(name, status, function, text));
        this.function = function;
        this.status = status;
        this.name = name;
    }

    /** The C function that failed. */
    public String function() {
        return function;
    }

    /** What it returned, an {@code nvmlReturn_t}. */
    public int status() {
        return status;
    }

    /** The status by name, such as {@code NVML_ERROR_NOT_SUPPORTED}, or {@code unknown status}. */
    public String name() {
        return name;
    }
}
