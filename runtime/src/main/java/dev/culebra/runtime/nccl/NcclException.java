package dev.culebra.runtime.nccl;

import java.util.Optional;

/** A call of NCCL that failed. */
public final class NcclException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String function;
    private final int status;
    private final String name;

    NcclException(String function, int status, String name, String text) {
        super((name.isEmpty() ? "status " + status : name + " (" + status + ")") + " from " + function + ": " + text);
        this.function = function;
        this.status = status;
        this.name = name;
    }

    /** The C function that failed. */
    public String function() {
        return function;
    }

    /** What it returned, a {@code ncclResult_t}. */
    public int status() {
        return status;
    }

    /** The name of the status, such as {@code ncclInvalidArgument}; empty if it is not known. */
    public Optional<String> name() {
        return Optional.of(name).filter(known -> !known.isEmpty());
    }
}
