package dev.culebra.tools.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.culebra.bindings.MissingLibraryException;
import dev.culebra.bindings.NativeLibraries;
import dev.culebra.bindings.UserCache;

/**
 * A library with the name of the CUDA driver and nothing in it. The glue of org.bytedeco:cuda does not load where there is no
 * such library, though the functions measured here never call it. Nothing of the driver can be called through it.
 */
public final class DriverStub {
    private static final String NAME = "libcuda.so.1";

    private DriverStub() {}

    /** Whether there is no driver here. */
    public static boolean isNeeded() {
        try {
            NativeLibraries.CUDA.load();
            return false;
        } catch (MissingLibraryException noDriver) {
            return true;
        }
    }

    /** Whether {@link #file} can succeed. */
    public static boolean canBeMade() {
        return Files.exists(folder().resolve(NAME)) || CppCompiler.isHere();
    }

    /** The stub, compiled when it is first needed, in a folder of the user's cache. */
    public static Path file() {
        Path folder = folder();
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            try {
                Path source = Files.writeString(Files.createDirectories(folder).resolve("empty.cpp"), "");
                CppCompiler.compile(source, file, List.of("-shared", "-fPIC", "-Wl,-soname," + NAME));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        return file;
    }

    private static Path folder() {
        return UserCache.folder("driver-stub");
    }
}
