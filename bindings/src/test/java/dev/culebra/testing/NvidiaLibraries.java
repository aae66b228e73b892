package dev.culebra.testing;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import dev.culebra.bindings.LoadedLibrary;
import dev.culebra.bindings.MissingLibraryException;
import dev.culebra.bindings.Native;
import dev.culebra.bindings.NativeLibraries;
import dev.culebra.bindings.NativeLibrary;
import dev.culebra.bindings.cuda.cuda;

/** NVIDIA's libraries for tests: they are there, or the test is skipped with the reason. */
public final class NvidiaLibraries {
    private NvidiaLibraries() {}

    /** A library that pip brings, loaded. */
    public static LoadedLibrary load(NativeLibrary library) {
        return load(library, Requirement.NVIDIA_LIBRARIES);
    }

    /** A library that only the driver of a GPU brings, loaded. */
    public static LoadedLibrary loadFromDriver(NativeLibrary library) {
        return load(library, Requirement.GPU);
    }

    /** Whether there is a GPU that CUDA can use. */
    public static boolean hasGpu() {
        try (Arena arena = Arena.ofConfined()) {
            NativeLibraries.CUDA.load();
            MemorySegment count = arena.allocate(Native.C_INT);
            return cuda.cuInit(0) == cuda.CUDA_SUCCESS && cuda.cuDeviceGetCount(count) == cuda.CUDA_SUCCESS
                    && count.get(Native.C_INT, 0) > 0;
        } catch (MissingLibraryException noDriver) {
            return false;
        }
    }

    private static LoadedLibrary load(NativeLibrary library, Requirement requirement) {
        try {
            LoadedLibrary loaded = library.load();
            System.out.println(loaded);
            return loaded;
        } catch (MissingLibraryException missing) {
            requirement.missing(missing.getMessage());
            throw missing;
        }
    }
}
