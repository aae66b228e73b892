package dev.culebra.bindings;

import java.nio.file.Path;
import java.util.List;

/**
 * One file name of a library, which stands for a version of it, and the files that belong to that version.
 *
 * @param name the file name
 * @param before patterns of the files that are loaded before it, where they lie beside it
 * @param together patterns of the files that must lie beside it and be loaded from nowhere else, in the order in which
 *            they need each other
 */
public record LibraryFileName(String name, List<String> before, List<String> together) {

    /** A library that is one file. */
    public LibraryFileName(String name) {
        this(name, List.of(), List.of());
    }

    /** Whether a file is of this version by its name, which may go on: {@code libcudnn.so.9.24.0}. */
    boolean isOf(Path file) {
        String other = file.getFileName().toString();
        return other.equals(name) || other.startsWith(name + ".");
    }
}
