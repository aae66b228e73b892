package dev.culebra.experiments.failure;

/** Training has come to a loss or to weights that are no finite numbers. Ends the program with exit code 1. */
public final class DivergedException extends RunFailedException {
    private static final long serialVersionUID = 1;

    /** A divergence told by {@code message} alone. */
    public DivergedException(String message) {
        super(message);
    }
}
