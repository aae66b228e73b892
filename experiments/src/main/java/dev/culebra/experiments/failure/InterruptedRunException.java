package dev.culebra.experiments.failure;

/** A run was told to stop and has saved its state; the message says where. Ends the program with exit code 130. */
public final class InterruptedRunException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A stop that {@code message} tells of. */
    public InterruptedRunException(String message) {
        super(message);
    }
}
