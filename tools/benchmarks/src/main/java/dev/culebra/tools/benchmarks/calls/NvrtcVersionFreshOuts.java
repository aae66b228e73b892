package dev.culebra.tools.benchmarks.calls;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.nvrtc.nvrtc;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * {@code nvrtcResult nvrtcVersion(int *major, int *minor)} as a program calls it that keeps nothing: memory for the two ints
 * is made for the call, from a confined arena, and by JNI as two Java arrays, which the glue copies in and out. Returns the
 * major version.
 */
public class NvrtcVersionFreshOuts extends CallBenchmark {
    private static final MethodHandle CRITICAL = Critical.handle(nvrtc.nvrtcVersion$address(),
            nvrtc.nvrtcVersion$descriptor());

    /** By the bindings. */
    @Benchmark
    public int ours() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment major = arena.allocate(Native.C_INT);
            MemorySegment minor = arena.allocate(Native.C_INT);
            requireSuccess(nvrtc.nvrtcVersion(major, minor));
            return major.get(Native.C_INT, 0);
        }
    }

    /** By a critical downcall. */
    @Benchmark
    public int critical() throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment major = arena.allocate(Native.C_INT);
            MemorySegment minor = arena.allocate(Native.C_INT);
            requireSuccess((int) CRITICAL.invokeExact(major, minor));
            return major.get(Native.C_INT, 0);
        }
    }

    /** By JNI. */
    @Benchmark
    public int jni() {
        int[] major = new int[1];
        int[] minor = new int[1];
        requireSuccess(org.bytedeco.cuda.global.nvrtc.nvrtcVersion(major, minor));
        return major[0];
    }
}
