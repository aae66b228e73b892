package dev.culebra.tools.benchmarks.calls;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

import dev.culebra.bindings.Native;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * One C function called in three ways: by the bindings ({@code ours}), by a critical downcall ({@code critical}) and by JNI
 * ({@code jni}, the presets of org.bytedeco:cuda). Each subclass is a row of the table. The three ways return the same and
 * leave the same in {@link #outs}, which a test holds.
 *
 * <p>Parameters are made once and used again, unless the class says otherwise: what is measured is the call.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public abstract class CallBenchmark {
    static {
        JniLibraries.load();
    }

    /** Makes handles and parameters; what they take stays as long as the process. */
    protected CallBenchmark() {}

    /** The memory into which the function writes on all ways; empty if it writes none. */
    public MemorySegment outs() {
        return MemorySegment.NULL;
    }

    /** Memory for parameters, zero at first. */
    static MemorySegment allocate(long bytes) {
        return Arena.global().allocate(bytes, Long.BYTES);
    }

    /** The handle that a function writes through its first parameter. */
    static MemorySegment create(ToIntFunction<MemorySegment> function) {
        MemorySegment out = allocate(Long.BYTES);
        requireSuccess(function.applyAsInt(out));
        return out.get(Native.C_POINTER, 0);
    }

    /** Throws unless a status, of any library, is success. */
    static void requireSuccess(int status) {
        if (status != 0) {
            throw new IllegalStateException("status " + status);
        }
    }
}
