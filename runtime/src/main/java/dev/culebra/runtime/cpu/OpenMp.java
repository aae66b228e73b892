package dev.culebra.runtime.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

import dev.culebra.bindings.Native;

/**
 * How many OpenMP threads oneDNN has, and how they wait between primitives. By default GNU's are as many as the processor
 * has cores, even where a container grants two, and they spin for a millisecond and more, on the very cores that this
 * backend's own loops want by then; two programs that do so at once slow each other down several times.
 */
final class OpenMp {
    /** Long enough to bridge the gaps within a primitive, some ten microseconds. */
    private static final String TURNS = "10000";

    private OpenMp() {}

    /** To be called before oneDNN is loaded, when GNU OpenMP reads it. A user's own setting is kept. */
    static void prepare() {
        setUnlessGiven("OMP_NUM_THREADS", Integer.toString(Runtime.getRuntime().availableProcessors()));
        if (System.getenv("OMP_WAIT_POLICY") == null) {
            setUnlessGiven("GOMP_SPINCOUNT", TURNS);
        }
    }

    private static void setUnlessGiven(String variable, String value) {
        if (System.getenv(variable) != null) {
            return;
        }
        Optional<MemorySegment> setenv = Linker.nativeLinker().defaultLookup().find("setenv");
        // Windows has no setenv, and no GNU OpenMP either.
        setenv.ifPresent(function -> set(Native.downcallHandle(FunctionDescriptor.of(ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT)).bindTo(function), variable, value));
    }

    private static void set(MethodHandle setenv, String variable, String value) {
        try (Arena arena = Arena.ofConfined()) {
            int status = (int) setenv.invokeExact(arena.allocateFrom(variable), arena.allocateFrom(value), 0);
            if (status != 0) {
                throw new IllegalStateException("setenv could not set " + variable);
            }
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }
}
