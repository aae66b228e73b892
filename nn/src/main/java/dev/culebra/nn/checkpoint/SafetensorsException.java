package dev.culebra.nn.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/** A file that is no valid safetensors file, or not the one that was wanted; the message names it and says why. */
public final class SafetensorsException extends IOException {
    private static final long serialVersionUID = 1;

    /** {@code problem} of {@code file}, as {@code file: problem}. */
    public SafetensorsException(Path file, String problem) {
        super(file + ": " + problem);
    }
}
