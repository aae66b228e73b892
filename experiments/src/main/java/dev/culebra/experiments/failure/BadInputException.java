package dev.culebra.experiments.failure;

/**
 * What the user handed in cannot be used: a file, an option, a combination of sizes. The message is one line that
 * says what is wrong, where, and what to do next. Ends the program with exit code 2.
 */
public final class BadInputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** An error told by {@code message} alone. */
    public BadInputException(String message) {
        super(message);
    }

    /** An error with the exception that revealed it. */
    public BadInputException(String message, Throwable cause) {
        super(message, cause);
    }
}
