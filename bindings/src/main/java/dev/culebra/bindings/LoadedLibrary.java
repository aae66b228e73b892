package dev.culebra.bindings;

import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A native library in this process; it stays until the process ends.
 *
 * @param title its name in messages
 * @param fileName the file name it was found by
 * @param path where the file is; nothing where the dynamic linker found it and does not say
 * @param how how it was found, for people
 * @param warnings what may go wrong with it, for people: another major version than that of the bindings, parts from two
 *            folders, libraries that it needs and that are missing
 * @param symbols its symbols
 */
public record LoadedLibrary(String title, String fileName, Optional<Path> path, String how, List<String> warnings,
        SymbolLookup symbols) {

    /** The same with more warnings. */
    LoadedLibrary withWarnings(Stream<String> more) {
        return new LoadedLibrary(title, fileName, path, how, Stream.concat(warnings.stream(), more).toList(), symbols);
    }

    /** The library, its place, how it was found and what may go wrong with it, in one line. */
    @Override
    public String toString() {
        String text = title + " (" + path.map(Path::toString).orElse(fileName) + ", " + how + ")";
        return warnings.isEmpty() ? text : text + "; " + String.join("; ", warnings);
    }
}
