package dev.culebra.runtime.standin;

/** A source that does not compile; the message holds what the compiler said. */
public final class CompilationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CompilationException(String message) {
        super(message);
    }
}
