package dev.culebra.bindings;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Loads a library from a file. */
final class LibraryFile {
    private static final int RTLD_NOW = 2;

    private LibraryFile() {}

    /**
     * Loads a library's file and, before it, those of its companions that lie beside it.
     *
     * @throws UnsatisfiedLinkError with the reason that the operating system gives
     */
    static LoadedLibrary load(LibraryDescription library, Path file, String how) {
        for (String companion : library.companionsHere()) {
            Path beside = file.resolveSibling(companion);
            if (Files.isRegularFile(beside)) {
                open(beside);
            }
        }
        return new LoadedLibrary(library.title(), file.getFileName().toString(), Optional.of(file), how, open(file));
    }

    private static SymbolLookup open(Path file) {
        try {
            return SymbolLookup.libraryLookup(file, Arena.global());
        } catch (IllegalArgumentException refused) {
            UnsatisfiedLinkError error = new UnsatisfiedLinkError(reason(file).orElse(refused.getMessage()));
            error.initCause(refused);
            throw error;
        }
    }

    /** Asks the operating system again, since the JDK drops its message. */
    private static Optional<String> reason(Path file) {
        Linker linker = Linker.nativeLinker();
        SymbolLookup libc = linker.defaultLookup();
        Optional<MemorySegment> open = libc.find("dlopen");
        Optional<MemorySegment> error = libc.find("dlerror");
        if (open.isEmpty() || error.isEmpty()) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            linker.downcallHandle(open.get(), FunctionDescriptor.of(Native.C_POINTER, Native.C_POINTER, Native.C_INT))
                    .invokeWithArguments(arena.allocateFrom(file.toString()), RTLD_NOW);
            MemorySegment text = (MemorySegment) linker
                    .downcallHandle(error.get(), FunctionDescriptor.of(Native.C_POINTER)).invokeExact();
            return text.equals(MemorySegment.NULL) ? Optional.empty() : Optional.of(text.getString(0));
        } catch (Throwable failure) {
            throw Native.failure("dlopen", failure);
        }
    }
}
