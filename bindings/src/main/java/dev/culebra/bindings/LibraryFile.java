package dev.culebra.bindings;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Loads a library from a file, and the files that belong to it before it. */
final class LibraryFile {
    private LibraryFile() {}

    /**
     * Loads a library's file.
     *
     * @param name the version that the file is of, with what belongs to it
     * @param how how it was found, for people
     * @throws UnsatisfiedLinkError with the reason: the operating system's, or what is wrong with the files beside it
     */
    static LoadedLibrary load(LibraryDescription library, LibraryFileName name, Path file, String how,
            Surroundings surroundings) {
        List<Path> together = together(name, file);
        together.forEach(LibraryFile::checkHeader);
        together.stream().filter(member -> othersComeFirst(member, surroundings)).forEach(LibraryFile::open);
        openBefore(name, file);
        return new LoadedLibrary(library.title(), file.getFileName().toString(), Optional.of(file), how, List.of(),
                open(file));
    }

    /** Loads the files that belong before a library from the folder where it lies. */
    static void openBefore(LibraryFileName name, Path file) {
        name.before().stream().flatMap(pattern -> beside(file, pattern)).forEach(LibraryFile::open);
    }

    /** The files that must come from one folder, after a check that they are there and loaded from nowhere else. */
    private static List<Path> together(LibraryFileName name, Path file) {
        for (String pattern : name.together()) {
            if (beside(file, pattern).findAny().isEmpty()) {
                throw new UnsatisfiedLinkError(pattern + " is not beside it, and must come from the same folder");
            }
        }
        List<Path> files = name.together().stream().flatMap(pattern -> beside(file, pattern)).distinct().toList();
        for (Path member : files) {
            Dlfcn.loadedFile(member.getFileName().toString()).filter(loaded -> !same(loaded, member))
                    .ifPresent(loaded -> {
                        throw new UnsatisfiedLinkError(member.getFileName() + " is already loaded from "
                                + loaded.getParent() + ", and two versions must not be mixed");
                    });
        }
        return files;
    }

    /** What lies beside a file, or beside the file that it is a link to. */
    private static Stream<Path> beside(Path file, String pattern) {
        List<Path> here = Folders.matching(file.toAbsolutePath().getParent(), pattern);
        return here.isEmpty()
                ? Folders.matching(Folders.real(file).getParent(), pattern).stream()
                : here.stream();
    }

    /**
     * Whether the dynamic linker would take another file of that name when NVIDIA's library asks for it, since
     * {@code LD_LIBRARY_PATH} comes before the folder of the library that asks.
     */
    private static boolean othersComeFirst(Path file, Surroundings surroundings) {
        return surroundings.variablePaths("LD_LIBRARY_PATH").stream()
                .map(folder -> folder.resolve(file.getFileName()))
                .anyMatch(other -> Files.exists(other) && !same(other, file));
    }

    private static boolean same(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException gone) {
            return false;
        }
    }

    /**
     * Refuses what the header shows to be no good. A file that is cut short must not even be tried, since reading past its
     * end ends the process; and of what is no library at all the virtual machine would warn in its own words.
     */
    private static void checkHeader(Path file) {
        Platform platform = Platform.current();
        if (platform.system() != Platform.System.LINUX) {
            return;
        }
        Optional<ElfHeader> header = ElfHeader.read(file);
        String problem = header.isPresent() ? header.get().problem(platform).orElse("") : "it is no library";
        if (!problem.isEmpty()) {
            boolean dangerous = header.filter(ElfHeader::isCutShort).isPresent();
            throw new UnsatisfiedLinkError(problem
                    + (dangerous ? "" : Dlfcn.error(file.toString()).map(text -> " (" + text + ")").orElse("")));
        }
    }

    private static SymbolLookup open(Path file) {
        checkHeader(file);
        try {
            return SymbolLookup.libraryLookup(file, Arena.global());
        } catch (IllegalArgumentException refused) {
            UnsatisfiedLinkError error = new UnsatisfiedLinkError(
                    Dlfcn.error(file.toString()).orElse(refused.getMessage()));
            error.initCause(refused);
            throw error;
        }
    }
}
