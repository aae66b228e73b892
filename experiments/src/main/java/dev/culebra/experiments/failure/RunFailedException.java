package dev.culebra.experiments.failure;

/**
 * The work could not be finished although the input was good: a full disk, a device that is lost. The message is
 * one line that says what happened and what to do next. Ends the program with exit code 1.
 */
public sealed class RunFailedException extends RuntimeException permits DivergedException {
    private static final long serialVersionUID = 1;

    /** A failure told by {@code message} alone. */
    public RunFailedException(String message) {
        super(message);
    }

    /** A failure with the exception behind it. */
    public RunFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
