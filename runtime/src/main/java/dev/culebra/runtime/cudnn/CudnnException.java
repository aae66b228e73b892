package dev.culebra.runtime.cudnn;

import java.util.Optional;

/** A call of cuDNN that failed. */
public final class CudnnException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final String KNOWN_NAME = "CUDNN_STATUS_";

    private final String function;
    private final int status;
    private final String name;

    CudnnException(String function, int status, String name, String text) {
        super((isKnown(name) ? name + " (" + status + ")" : "status " + status) + " from " + function
                + (text.isEmpty() ? "" : ": " + text));
        this.function = function;
        this.status = status;
        this.name = name;
    }

    /** The C function that failed. */
    public String function() {
        return function;
    }

    /** What it returned, a {@code cudnnStatus_t}. */
    public int status() {
        return status;
    }

    /** The name of the status, such as {@code CUDNN_STATUS_BAD_PARAM}; empty if the library does not know it. */
    public Optional<String> name() {
        return Optional.of(name).filter(CudnnException::isKnown);
    }

    /** The library has a name, too, for what it does not know. */
    private static boolean isKnown(String name) {
        return name.startsWith(KNOWN_NAME);
    }
}
