package dev.culebra.bindings;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the operating system's dynamic linker finds by name: what this process has loaded already, installed packages and
 * {@code LD_LIBRARY_PATH}. What it finds must have the same files beside it as in any other place.
 */
public record DynamicLinker() implements LibrarySource {
    private static final String HOW = "found by the dynamic linker";

    @Override
    public Optional<LoadedLibrary> find(LibraryDescription library, LibraryFileName name, Surroundings surroundings,
            Attempts attempts) {
        Optional<Path> cutShort = cutShort(name, surroundings);
        if (cutShort.isPresent()) {
            attempts.refused(cutShort.get(), HOW, ElfHeader.read(cutShort.get())
                    .flatMap(header -> header.problem(surroundings.platform())).orElse("it cannot be read"));
            return Optional.empty();
        }
        // The linker says which file it takes only once that is loaded: loaded to learn it, and let go if it is no good.
        try (Arena trial = Arena.ofConfined()) {
            SymbolLookup.libraryLookup(name.name(), trial);
            Optional<Path> file = Dlfcn.loadedFile(name.name());
            return file.isPresent()
                    ? load(library, name, file.get(), surroundings, attempts)
                    : Optional.of(new LoadedLibrary(library.title(), name.name(), file, HOW, List.of(),
                            SymbolLookup.libraryLookup(name.name(), Arena.global())));
        } catch (IllegalArgumentException refused) {
            Dlfcn.error(name.name()).filter(text -> !text.startsWith(name.name() + ":"))
                    .ifPresentOrElse(text -> attempts.refused(Path.of(name.name()), HOW, text),
                            () -> attempts.note(name.name() + ": unknown to the dynamic linker"));
            return Optional.empty();
        }
    }

    private static Optional<LoadedLibrary> load(LibraryDescription library, LibraryFileName name, Path file,
            Surroundings surroundings, Attempts attempts) {
        try {
            return Optional.of(LibraryFile.load(library, name, file, HOW, surroundings));
        } catch (UnsatisfiedLinkError refused) {
            attempts.refused(file, HOW, refused.getMessage());
            return Optional.empty();
        }
    }

    /** The file that the linker would take from {@code LD_LIBRARY_PATH}, if its end is missing; it skips other processors'. */
    private static Optional<Path> cutShort(LibraryFileName name, Surroundings surroundings) {
        return surroundings.variablePaths("LD_LIBRARY_PATH").stream().map(folder -> folder.resolve(name.name()))
                .filter(Files::isReadable)
                .filter(file -> ElfHeader.read(file).filter(header -> header.isFor(surroundings.platform()))
                        .isPresent())
                .findFirst()
                .filter(file -> ElfHeader.read(file).filter(ElfHeader::isCutShort).isPresent());
    }
}
