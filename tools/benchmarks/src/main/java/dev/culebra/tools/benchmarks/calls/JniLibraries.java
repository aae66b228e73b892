package dev.culebra.tools.benchmarks.calls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    /**
     * Loads what the glue needs. On a machine without a driver that includes a library of the driver's name with nothing in
     * it, which stays in this process.
     *
     * @throws MissingLibraryException if a library is not here
     */
    public static synchronized void load() {
        for (Path folder : folders()) {
            for (String name : Stream.concat(OF_CUDNN.stream(), Stream.of(CUDA_RUNTIME)).toList()) {
                if (Files.exists(folder.resolve(name))) {
                    SymbolLookup.libraryLookup(folder.resolve(name), Arena.global());
                }
            }
        }
        try {
            NativeLibraries.CUDA.load();
        } catch (MissingLibraryException noDriver) {
            SymbolLookup.libraryLookup(DriverStub.file(), Arena.global());
        }
    }

    /** The folders of the libraries that both sides use, as the bindings found them. */
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
