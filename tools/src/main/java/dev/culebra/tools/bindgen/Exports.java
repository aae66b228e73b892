package dev.culebra.tools.bindgen;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The symbols that a library exports.
 *
 * @param callable those of the library itself, if it can be had without the driver of a GPU
 * @param all these, and those of the libraries that it loads itself
 */
record Exports(Optional<Set<String>> callable, SortedSet<String> all) {

    /** Reads them from the files. */
    static Exports of(VendorFiles files) throws IOException {
        if (files.library().isEmpty()) {
            return new Exports(Optional.empty(), new TreeSet<>());
        }
        SortedSet<String> callable = ElfSymbols.exportedBy(files.library().get());
        SortedSet<String> all = new TreeSet<>(callable);
        for (Path part : files.parts()) {
            all.addAll(ElfSymbols.exportedBy(part));
        }
        return new Exports(Optional.of(callable), all);
    }

    /** Whether the library certainly has a symbol. */
    boolean has(String name) {
        return callable.filter(names -> names.contains(name)).isPresent();
    }

    /** Whether the library certainly lacks a symbol. */
    boolean lacks(String name) {
        return callable.filter(names -> !names.contains(name)).isPresent();
    }
}
