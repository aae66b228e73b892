package dev.culebra.tools.bindgen;

/** Something the generator needs is not on this machine; the message says what, where it was looked for, and how to get it. */
public final class MissingToolException extends Exception {
    private static final long serialVersionUID = 1L;

    MissingToolException(String message) {
        super(message);
    }
}
