package dev.culebra.runtime.onednn;

/** A call of oneDNN that failed. */
public final class OneDnnException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String function;
    private final int status;

    OneDnnException(String function, int status, String name) {
        super(name + " (" + status + ") from " + function);
        this.function = function;
        this.status = status;
    }

    /** The C function that failed. */
    public String function() {
        return function;
    }

    /** What it returned, a {@code dnnl_status_t}. */
    public int status() {
        return status;
    }
}
