package dev.culebra.bindings;

import java.util.List;

/** A native library is not there or cannot be loaded; the message says what was tried and how to install it. */
public final class MissingLibraryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param tried a line for each thing that was tried */
    MissingLibraryException(LibraryDescription library, List<String> tried) {
        super(library.title() + " was not found on " + Platform.current() + ". Tried:\n  " + String.join("\n  ", tried)
                + "\nTo install it: " + library.install());
    }
}
