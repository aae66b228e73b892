package dev.culebra.runtime.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * How oneDNN's OpenMP threads wait between primitives. By default GNU's spin for a millisecond and more, on the very cores
 * that this backend's own loops want by then, and two programs that do so at once slow each other down several times.
 */
final class OpenMp {
    private static final String VARIABLE = "GOMP_SPINCOUNT";
    /** Long enough to bridge the gaps within a primitive, some ten microseconds. */
    private static final String TURNS = "10000";

    private OpenMp() {}

    /** To be called before oneDNN is loaded, when GNU OpenMP reads it. A user's own setting is kept. */
    static void waitBriefly() {
        if (System.getenv(VARIABLE) != null || System.getenv("OMP_WAIT_POLICY") != null) {
            return;
        }
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> setenv = linker.defaultLookup().find("setenv");
        // Windows has no setenv, and no GNU OpenMP either.
        setenv.ifPresent(function -> set(linker.downcallHandle(function, FunctionDescriptor.of(ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT))));
    }

    private static void set(MethodHandle setenv) {
        try (Arena arena = Arena.ofConfined()) {
            int status = (int) setenv.invokeExact(arena.allocateFrom(VARIABLE), arena.allocateFrom(TURNS), 0);
            if (status != 0) {
                throw new IllegalStateException("setenv could not set " + VARIABLE);
            }
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }
}
