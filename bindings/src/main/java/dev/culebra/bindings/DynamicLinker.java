package dev.culebra.bindings;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Optional;

/** What the operating system's dynamic linker finds by name: installed packages and {@code LD_LIBRARY_PATH}. */
public record DynamicLinker() implements LibrarySource {

    @Override
    public Optional<LoadedLibrary> find(LibraryDescription library, List<String> tried) {
        for (String name : library.fileNamesHere()) {
            try {
                SymbolLookup symbols = SymbolLookup.libraryLookup(name, Arena.global());
                return Optional.of(new LoadedLibrary(library.title(), name, Optional.empty(),
                        "found by the dynamic linker", symbols));
            } catch (IllegalArgumentException unknown) {
                tried.add(name + ": unknown to the dynamic linker");
            }
        }
        return Optional.empty();
    }
}
