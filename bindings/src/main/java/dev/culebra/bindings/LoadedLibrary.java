package dev.culebra.bindings;

import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A native library in this process; it stays until the process ends.
 *
 * @param title its name in messages
 * @param fileName the file name it was found by
 * @param path where the file is, unless the dynamic linker found it
 * @param how how it was found, for people
 * @param symbols its symbols
 */
public record LoadedLibrary(String title, String fileName, Optional<Path> path, String how, SymbolLookup symbols) {

    /** The library, its place and how it was found, in one line. */
    @Override
    public String toString() {
        return title + " (" + path.map(Path::toString).orElse(fileName) + ", " + how + ")";
    }
}
