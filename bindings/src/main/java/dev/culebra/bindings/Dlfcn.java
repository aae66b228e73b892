package dev.culebra.bindings;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;

/** What the dynamic linker says of libraries, through C's {@code dlfcn.h}; nothing where there is none. */
final class Dlfcn {
    private static final int RTLD_LAZY = 1;
    private static final int RTLD_NOLOAD = 4;
    private static final int RTLD_DI_LINKMAP = 2;
    private static final Linker LINKER = Linker.nativeLinker();

    private Dlfcn() {}

    /** Why a library cannot be loaded, in the dynamic linker's words, which the JDK drops. */
    static Optional<String> error(String library) {
        SymbolLookup libc = LINKER.defaultLookup();
        Optional<MemorySegment> error = libc.find("dlerror");
        if (libc.find("dlopen").isEmpty() || error.isEmpty()) {
            return Optional.empty();
        }
        MemorySegment handle = open(library, RTLD_LAZY);
        if (!handle.equals(MemorySegment.NULL)) {
            close(handle);
            return Optional.empty();
        }
        try {
            MemorySegment text = (MemorySegment) LINKER
                    .downcallHandle(error.get(), FunctionDescriptor.of(Native.C_POINTER)).invokeExact();
            return text.equals(MemorySegment.NULL) ? Optional.empty() : Optional.of(text.getString(0));
        } catch (Throwable failure) {
            throw Native.failure("dlerror", failure);
        }
    }

    /**
     * The file from which this process has loaded a library.
     *
     * @param library a file name or a path
     * @return nothing where it is not loaded, or its file cannot be known
     */
    static Optional<Path> loadedFile(String library) {
        SymbolLookup libc = LINKER.defaultLookup();
        Optional<MemorySegment> information = libc.find("dlinfo");
        if (libc.find("dlopen").isEmpty() || information.isEmpty()) {
            return Optional.empty();
        }
        MemorySegment handle = open(library, RTLD_LAZY | RTLD_NOLOAD);
        if (handle.equals(MemorySegment.NULL)) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment map = arena.allocate(Native.C_POINTER);
            int status = (int) LINKER.downcallHandle(information.get(),
                    FunctionDescriptor.of(Native.C_INT, Native.C_POINTER, Native.C_INT, Native.C_POINTER))
                    .invokeExact(handle, RTLD_DI_LINKMAP, map);
            if (status != 0) {
                return Optional.empty();
            }
            MemorySegment name = map.get(Native.C_POINTER, 0).get(Native.C_POINTER, ValueLayout.ADDRESS.byteSize());
            return Optional.of(name.getString(0)).filter(text -> text.startsWith("/")).map(Path::of);
        } catch (Throwable failure) {
            throw Native.failure("dlinfo", failure);
        } finally {
            close(handle);
        }
    }

    /** Takes back an {@link #open}: a library stays only as long as somebody else holds it. */
    private static void close(MemorySegment handle) {
        MemorySegment function = LINKER.defaultLookup().find("dlclose").orElseThrow();
        try {
            LINKER.downcallHandle(function, FunctionDescriptor.ofVoid(Native.C_POINTER)).invokeExact(handle);
        } catch (Throwable failure) {
            throw Native.failure("dlclose", failure);
        }
    }

    private static MemorySegment open(String library, int mode) {
        MemorySegment function = LINKER.defaultLookup().find("dlopen").orElseThrow();
        try (Arena arena = Arena.ofConfined()) {
            return (MemorySegment) LINKER
                    .downcallHandle(function,
                            FunctionDescriptor.of(Native.C_POINTER, Native.C_POINTER, Native.C_INT))
                    .invokeExact(arena.allocateFrom(library), mode);
        } catch (Throwable failure) {
            throw Native.failure("dlopen", failure);
        }
    }
}
