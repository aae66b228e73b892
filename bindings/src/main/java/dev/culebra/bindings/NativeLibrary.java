package dev.culebra.bindings;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A native library that is searched for and loaded when it is first needed. Safe for use by several threads. */
public final class NativeLibrary {
    private static final MethodHandle MISSING = missingHandle();

    private final LibraryDescription description;
    private final Supplier<Surroundings> surroundings;
    private final List<NativeLibrary> needed;
    private volatile LoadedLibrary loaded;

    /**
     * A library that has not been looked for yet.
     *
     * @param needed libraries that it loads itself in its own way when it needs them: they are loaded with it, so that it
     *            takes these and no others
     */
    public NativeLibrary(LibraryDescription description, NativeLibrary... needed) {
        this(description, Surroundings::ofProcess, needed);
    }

    /** The same, looked for in surroundings that are asked for then. */
    NativeLibrary(LibraryDescription description, Supplier<Surroundings> surroundings, NativeLibrary... needed) {
        this.description = description;
        this.surroundings = surroundings;
        this.needed = List.of(needed);
    }

    /** What the library is called and where it may be. */
    public LibraryDescription description() {
        return description;
    }

    /**
     * Loads the library, if it is not loaded yet.
     *
     * @throws MissingLibraryException if it is not found
     */
    public LoadedLibrary load() {
        LoadedLibrary library = loaded;
        return library != null ? library : search();
    }

    /**
     * The address of a function or variable.
     *
     * @throws MissingLibraryException if the library is not found
     * @throws MissingSymbolException if the library has no such symbol
     */
    public MemorySegment address(String symbol) {
        LoadedLibrary library = load();
        return library.symbols().find(symbol).orElseThrow(() -> new MissingSymbolException(library, symbol));
    }

    /**
     * A handle that calls a function. It can always be made: where library or symbol are missing, calling it throws
     * what {@link #address} throws.
     */
    public MethodHandle function(String symbol, FunctionDescriptor descriptor, Linker.Option... options) {
        MethodHandle handle = Native.downcallHandle(descriptor, options);
        try {
            return handle.bindTo(address(symbol));
        } catch (MissingLibraryException | MissingSymbolException missing) {
            MethodType type = handle.type().dropParameterTypes(0, 1);
            MethodHandle thrower = MethodHandles.throwException(type.returnType(), RuntimeException.class);
            MethodHandle failing = MethodHandles.collectArguments(thrower, 0,
                    MethodHandles.insertArguments(MISSING, 0, this, symbol));
            return MethodHandles.dropArguments(failing, 0, type.parameterList());
        }
    }

    private synchronized LoadedLibrary search() {
        if (loaded == null) {
            Surroundings here = surroundings.get();
            Attempts attempts = new Attempts();
            LoadedLibrary found = ConfiguredPath.find(description, here, attempts)
                    .or(() -> searchVersions(here, attempts))
                    .orElseThrow(() -> new MissingLibraryException(description, attempts));
            loaded = found.withWarnings(needed.stream().flatMap(NativeLibrary::problem));
        }
        return loaded;
    }

    /** The version that the bindings were made for is looked for everywhere before another is taken. */
    private Optional<LoadedLibrary> searchVersions(Surroundings here, Attempts attempts) {
        List<LibraryFileName> names = description.fileNames(here.platform());
        if (names.isEmpty()) {
            attempts.note("there is no " + description.title() + " for this platform");
        }
        for (LibraryFileName name : names) {
            for (LibrarySource source : description.sources()) {
                Optional<LoadedLibrary> found = source.find(description, name, here, attempts);
                if (found.isPresent()) {
                    return found.map(library -> name == names.getFirst()
                            ? library
                            : library.withWarnings(Stream.of("the bindings are made for "
                                    + names.getFirst().name() + ", another major version, which is nowhere")));
                }
            }
        }
        return Optional.empty();
    }

    private Stream<String> problem() {
        try {
            load();
            return Stream.of();
        } catch (MissingLibraryException missing) {
            return Stream.of("it needs " + description.title() + ", which is missing: " + description.install());
        }
    }

    private RuntimeException missing(String symbol) {
        address(symbol);
        return new IllegalStateException(
                description.title() + " was missing when " + symbol + " was first called: start the program again");
    }

    private static MethodHandle missingHandle() {
        try {
            return MethodHandles.lookup().findVirtual(NativeLibrary.class, "missing",
                    MethodType.methodType(RuntimeException.class, String.class));
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }
}
