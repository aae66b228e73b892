package dev.culebra.runtime.cudnn;

/** A call of cuDNN that failed. */
public final class CudnnException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String function;
    private final int status;

    CudnnException(String function, int status, String name, String text) {
        super(name + " (" + status + ") from " + function + (text.isEmpty() ? "" : ": " + text));
        this.function = function;
        this.status = status;
    }

    /** The C function that failed. */
    public String function() {
        return function;
    }

    /** What it returned, a {@code cudnnStatus_t}. */
    public int status() {
        return status;
    }
}
