package dev.culebra.bindings;

import java.util.List;

/** A native library is not there or cannot be loaded; the message says what was tried and how to install it. */
public final class MissingLibraryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> tried;
    private final transient List<String> refused;

    /** All that was {@code attempts}, in vain. */
    MissingLibraryException(LibraryDescription library, Attempts attempts) {
        super(library.title() + " was not found on " + Platform.current() + ". Tried:\n  "
                + String.join("\n  ", attempts.lines()) + "\nTo install it: " + library.install());
        this.tried = attempts.lines();
        this.refused = attempts.refused();
    }

    /** A line for each thing that was tried, in that order. */
    public List<String> tried() {
        return List.copyOf(tried);
    }

    /** Those of the lines that tell of a file that is there and cannot be used. */
    public List<String> refused() {
        return List.copyOf(refused);
    }
}
