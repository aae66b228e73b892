package dev.culebra.bindings;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the operating system's dynamic linker finds by name: what this process has loaded already, installed packages and
 * {@code LD_LIBRARY_PATH}. Where that is one of a family, the files that belong before it are loaded from its folder.
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
        try {
            SymbolLookup symbols = SymbolLookup.libraryLookup(name.name(), Arena.global());
            Optional<Path> file = Dlfcn.loadedFile(name.name());
            file.ifPresent(path -> LibraryFile.openBefore(name, path));
            List<String> strangers = file.stream().flatMap(path -> strangers(name, path)).toList();
            return Optional.of(new LoadedLibrary(library.title(), name.name(), file, HOW, strangers, symbols));
        } catch (IllegalArgumentException refused) {
            attempts.note(Dlfcn.error(name.name()).filter(text -> !isUnknown(text, name.name()))
                    .map(text -> name.name() + " (" + HOW + "): " + text)
                    .orElse(name.name() + ": unknown to the dynamic linker"));
            return Optional.empty();
        }
    }

    /** The file that the linker would take from {@code LD_LIBRARY_PATH}, if its end is missing. */
    private static Optional<Path> cutShort(LibraryFileName name, Surroundings surroundings) {
        return surroundings.variablePaths("LD_LIBRARY_PATH").stream().map(folder -> folder.resolve(name.name()))
                .filter(file -> ElfHeader.read(file).filter(ElfHeader::isCutShort).isPresent()).findFirst();
    }

    /** A warning for each file that belongs to it and was loaded from another folder. */
    private static Stream<String> strangers(LibraryFileName name, Path file) {
        return name.together().stream().flatMap(member -> Dlfcn.loadedFile(member).stream())
                .filter(loaded -> !sameFolder(loaded, file))
                .map(loaded -> loaded.getFileName() + " comes from another folder, " + loaded.getParent()
                        + ", and may be of another version");
    }

    private static boolean sameFolder(Path one, Path other) {
        try {
            return Files.isSameFile(Folders.real(one).getParent(), Folders.real(other).getParent());
        } catch (IOException gone) {
            return false;
        }
    }

    private static boolean isUnknown(String text, String name) {
        return text.contains(name) && text.contains("No such file");
    }
}
