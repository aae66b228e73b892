package dev.culebra.tools.benchmarks.calls;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

import dev.culebra.bindings.nvrtc.nvrtc;
import org.bytedeco.javacpp.IntPointer;
import org.openjdk.jmh.annotations.Benchmark;

/** {@code nvrtcResult nvrtcVersion(int *major, int *minor)}: two pointers that receive an int. */
public class NvrtcVersion extends CallBenchmark {
    private static final MethodHandle CRITICAL = Critical.handle(nvrtc.nvrtcVersion$address(),
            nvrtc.nvrtcVersion$descriptor());

    private final MemorySegment memory = allocate(2 * Integer.BYTES);
    private final MemorySegment major = memory.asSlice(0, Integer.BYTES);
    private final MemorySegment minor = memory.asSlice(Integer.BYTES, Integer.BYTES);
    private final IntPointer jniMajor = new IntPointer(JniLibraries.pointer(major));
    private final IntPointer jniMinor = new IntPointer(JniLibraries.pointer(minor));

    @Override
    public MemorySegment outs() {
        return memory;
    }

    /** By the bindings. */
    @Benchmark
    public int ours() {
        return nvrtc.nvrtcVersion(major, minor);
    }

    /** By a critical downcall. */
    @Benchmark
    public int critical() throws Throwable {
        return (int) CRITICAL.invokeExact(major, minor);
    }

    /** By JNI. */
    @Benchmark
    public int jni() {
        return org.bytedeco.cuda.global.nvrtc.nvrtcVersion(jniMajor, jniMinor);
    }
}
