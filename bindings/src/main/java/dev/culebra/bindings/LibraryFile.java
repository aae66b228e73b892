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
     * Whether there is a file to load.
     *
     * @return false where nothing has that name
     * @throws UnsatisfiedLinkError if something has, and is no file that can be read; the message says what
     */
    static boolean isThere(Path file) {
        if (Files.isRegularFile(file) && Files.isReadable(file)) {
            return true;
        }
        if (Files.isSymbolicLink(file) && !Files.exists(file)) {
            throw new UnsatisfiedLinkError("it is a link that leads nowhere, to " + target(file));
        }
        if (Files.exists(file)) {
            throw new UnsatisfiedLinkError(Files.isDirectory(file)
                    ? "it is a folder"
                    : Files.isRegularFile(file) ? "the permission to read it is missing" : "it is no file");
        }
        if (!Files.notExists(file)) {
            throw new UnsatisfiedLinkError("the permission to look into its folder is missing");
        }
        return false;
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException gone) {
            return "what cannot be read";
        }
    }

    /**
     * Loads a library's file.
     *
     * @param name the version that the file is of, with what belongs to it
     * @param how how it was found, for people
     * @throws UnsatisfiedLinkError with the reason: the operating system's, or what is wrong with the files beside it
     */
    static LoadedLibrary load(LibraryDescription library, LibraryFileName name, Path file, String how,
            Surroundings surroundings) {
        checkNoOtherVersion(library, name, surroundings.platform());
        List<Path> together = together(name, file);
        together.forEach(LibraryFile::checkHeader);
        together.stream().filter(member -> othersComeFirst(member, surroundings)).forEach(LibraryFile::open);
        name.before().stream().flatMap(pattern -> beside(file, pattern)).forEach(LibraryFile::open);
        return new LoadedLibrary(library.title(), file.getFileName().toString(), Optional.of(file), how, List.of(),
                open(file));
    }

    /** Refuses to load a second major version of a library, or of what belongs to it, into one process. */
    private static void checkNoOtherVersion(LibraryDescription library, LibraryFileName name, Platform platform) {
        library.fileNames(platform).stream().filter(other -> !other.name().equals(name.name()))
                .flatMap(other -> other.together().stream())
                .forEach(member -> Dlfcn.loadedFile(member).ifPresent(loaded -> {
                    throw mixed(member, loaded);
                }));
    }

    /** The files that must come from one folder, after a check that they are there and loaded from nowhere else. */
    private static List<Path> together(LibraryFileName name, Path file) {
        for (String pattern : name.together()) {
            if (beside(file, pattern, name).findAny().isEmpty()) {
                throw new UnsatisfiedLinkError(pattern + " is not beside it, and must come from the same folder");
            }
        }
        List<Path> files = name.together().stream().flatMap(pattern -> beside(file, pattern, name)).distinct().toList();
        for (Path member : files) {
            String loadedAs = member.equals(file) ? name.name() : member.getFileName().toString();
            Dlfcn.loadedFile(loadedAs).filter(loaded -> !same(loaded, member)).ifPresent(loaded -> {
                throw mixed(loadedAs, loaded);
            });
        }
        return files;
    }

    private static UnsatisfiedLinkError mixed(String member, Path loaded) {
        return new UnsatisfiedLinkError(
                member + " is already loaded from " + loaded.getParent() + ", and two versions must not be mixed");
    }

    /** The library itself may have a longer name than the one it is loaded by. */
    private static Stream<Path> beside(Path file, String pattern, LibraryFileName name) {
        return pattern.equals(name.name()) ? Stream.of(file) : beside(file, pattern);
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
