package dev.culebra.bindings;

/** A native library has no function of the name that was called: it is older or newer than the headers. */
public final class MissingSymbolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MissingSymbolException(LoadedLibrary library, String symbol) {
        super(library + " has no symbol " + symbol + ": the library's version is not that of the bindings");
    }
}
