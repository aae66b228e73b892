package dev.culebra.tools.bindgen.clang;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

/**
 * The functions of {@code clang-c/Index.h} that the generator needs, written by hand: a generator cannot be generated
 * before it exists.
 *
 * <p>
 * Calls go through one untyped {@link #call}: a header set costs some hundred thousand of them, well under a second.
 */
public final class LibClang {
    static final StructLayout STRING = MemoryLayout.structLayout(ADDRESS, JAVA_INT, MemoryLayout.paddingLayout(4));
    static final StructLayout CURSOR = MemoryLayout.structLayout(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    static final StructLayout TYPE = MemoryLayout.structLayout(JAVA_INT, MemoryLayout.paddingLayout(4), ADDRESS,
            ADDRESS);
    static final StructLayout LOCATION = MemoryLayout.structLayout(ADDRESS, ADDRESS, JAVA_INT,
            MemoryLayout.paddingLayout(4));
    static final StructLayout RANGE = MemoryLayout.structLayout(ADDRESS, ADDRESS, JAVA_INT, JAVA_INT);
    static final StructLayout TOKEN = MemoryLayout.structLayout(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);

    private final SymbolLookup symbols;
    private final Map<String, MethodHandle> handles = new HashMap<>();

    private LibClang(SymbolLookup symbols) {
        this.symbols = symbols;
    }

    /** Loads libclang from a file; it stays loaded until the process ends. */
    public static LibClang load(Path file) {
        disableCrashRecovery();
        return new LibClang(SymbolLookup.libraryLookup(file, Arena.global()));
    }

    /** The version line of the library, for example {@code clang version 18.1.1}. */
    public String version() {
        return text("clang_getClangVersion");
    }

    /**
     * Calls {@code name} with arguments whose layouts stand beside them, and returns its result; a struct result is
     * allocated by {@code allocator}.
     */
    Object call(SegmentAllocator allocator, String name, FunctionDescriptor descriptor, Object... arguments) {
        MethodHandle handle = handles.computeIfAbsent(name, missing -> handle(missing, descriptor));
        try {
            if (descriptor.returnLayout().filter(StructLayout.class::isInstance).isEmpty()) {
                return handle.invokeWithArguments(arguments);
            }
            Object[] withAllocator = new Object[arguments.length + 1];
            withAllocator[0] = allocator;
            System.arraycopy(arguments, 0, withAllocator, 1, arguments.length);
            return handle.invokeWithArguments(withAllocator);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new IllegalStateException("calling " + name, failure);
        }
    }

    /** Calls a function of no or one struct argument that returns a {@code CXString}, and takes the string over. */
    String text(String name, Struct... arguments) {
        MemoryLayout[] layouts = new MemoryLayout[arguments.length];
        Object[] values = new Object[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            layouts[i] = arguments[i].layout();
            values[i] = arguments[i].segment();
        }
        return string(name, FunctionDescriptor.of(STRING, layouts), values);
    }

    /** Calls a function that returns a {@code CXString}, copies the text out and frees the string. */
    String string(String name, FunctionDescriptor descriptor, Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment string = (MemorySegment) call(arena, name, descriptor, arguments);
            MemorySegment characters = (MemorySegment) call(arena, "clang_getCString",
                    FunctionDescriptor.of(ADDRESS, STRING), string);
            String text = characters.address() == 0 ? "" : characters.reinterpret(Long.MAX_VALUE).getString(0);
            call(arena, "clang_disposeString", FunctionDescriptor.ofVoid(STRING), string);
            return text;
        }
    }

    /** A value that libclang passes and returns as a struct. */
    interface Struct {
        /** The bytes of the struct. */
        MemorySegment segment();

        /** Its layout. */
        StructLayout layout();
    }

    /**
     * Otherwise libclang takes the SIGSEGV handler away from the JVM, which needs it for its null checks. Only the
     * environment of C decides that early enough, and Java's {@code System.getenv} is a copy.
     */
    private static void disableCrashRecovery() {
        LibClang libc = new LibClang(Linker.nativeLinker().defaultLookup());
        try (Arena arena = Arena.ofConfined()) {
            libc.call(arena, "setenv", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT),
                    arena.allocateFrom("LIBCLANG_DISABLE_CRASH_RECOVERY"), arena.allocateFrom("1"), 1);
        }
    }

    private MethodHandle handle(String name, FunctionDescriptor descriptor) {
        MemorySegment symbol = symbols.find(name)
                .orElseThrow(() -> new NoSuchElementException("libclang has no function " + name));
        return Linker.nativeLinker().downcallHandle(symbol, descriptor);
    }
}
