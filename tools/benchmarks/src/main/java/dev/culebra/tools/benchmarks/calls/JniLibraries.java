package dev.culebra.tools.benchmarks.calls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.culebra.bindings.MissingLibraryException;
import dev.culebra.bindings.NativeLibraries;
import dev.culebra.bindings.NativeLibrary;
import dev.culebra.tools.benchmarks.DriverStub;
import org.bytedeco.javacpp.Pointer;

/**
 * Lets the presets of org.bytedeco:cuda use the very files that the bindings use. Their glue names libraries without a
 * folder, and the dynamic linker takes the ones that the process has already: so those that the bindings found, and what
 * lies beside them, are loaded first.
 */
public final class JniLibraries {
    private static final List<String> OF_CUDNN = List.of("libcudnn_graph.so.9", "libcudnn_ops.so.9",
            "libcudnn_cnn.so.9",
            "libcudnn_adv.so.9");
    private static final String CUDA_RUNTIME = "libcudart.so.13";

    private JniLibraries() {}

    /** Why the presets cannot be used here, if so, in one line. Loads nothing that stands in for the driver. */
    public static Optional<String> missing() {
        try {
            loadVendors();
        } catch (MissingLibraryException missing) {
            return missing.getMessage().lines().findFirst().map(line -> line.replace(". Tried:", ""));
        } catch (IllegalArgumentException missing) {
            return Optional.of("JNI needs what is not here: " + missing.getMessage());
        }
        return DriverStub.isNeeded() && !DriverStub.canBeMade()
                ? Optional.of("JNI needs a library with the driver's name, and there is neither a driver nor g++")
                : Optional.empty();
    }

    /**
     * Loads what the glue needs. On a machine without a driver that includes a library of the driver's name with nothing in
     * it, which stays in this process.
     *
     * @throws MissingLibraryException if a library is not here
     */
    public static synchronized void load() {
        loadVendors();
        if (DriverStub.isNeeded()) {
            SymbolLookup.libraryLookup(DriverStub.file(), Arena.global());
        }
    }

    private static void loadVendors() {
        List<Path> folders = folders();
        for (String name : OF_CUDNN) {
            loadFrom(folders, name);
        }
        loadFrom(folders, CUDA_RUNTIME);
    }

    /** Loads a library from one of the folders, or whatever the dynamic linker knows by its name. */
    private static void loadFrom(List<Path> folders, String name) {
        Optional<Path> file = folders.stream().map(folder -> folder.resolve(name)).filter(Files::exists).findFirst();
        file.map(path -> SymbolLookup.libraryLookup(path, Arena.global()))
                .orElseGet(() -> SymbolLookup.libraryLookup(name, Arena.global()));
    }

    /**
     * The folders of the libraries that both sides use, as the bindings found them.
     *
     * @throws MissingLibraryException if a library is not here
     */
    public static List<Path> folders() {
        return Stream
                .of(NativeLibraries.CUBLAS, NativeLibraries.CUBLAS_LT, NativeLibraries.CUDNN, NativeLibraries.NVRTC,
                        NativeLibraries.NCCL)
                .map(NativeLibrary::load).flatMap(library -> library.path().stream())
                .map(JniLibraries::real).map(Path::getParent).distinct().toList();
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A function of the part of cuDNN that has the graph API. */
    static MemorySegment inCudnnGraph(String function) {
        load();
        return SymbolLookup.libraryLookup(OF_CUDNN.getFirst(), Arena.global()).findOrThrow(function);
    }

    /** The presets' pointer to the same address. */
    static Pointer pointer(MemorySegment segment) {
        return new Pointer() {
            {
                address = segment.address();
            }
        };
    }
}
