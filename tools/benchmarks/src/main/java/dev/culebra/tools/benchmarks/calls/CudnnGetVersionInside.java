package dev.culebra.tools.benchmarks.calls;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.cudnn.cudnn;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * {@code size_t cudnnGetVersion(void)} of {@code libcudnn_graph.so.9} on all three ways. The presets are linked to the parts
 * of cuDNN; programs in C and these bindings go through its door {@code libcudnn.so.9}, which jumps on into the parts. This
 * is the call without the door, and the difference to {@link CudnnGetVersion} is what the door costs.
 */
public class CudnnGetVersionInside extends CallBenchmark {
    private static final MemorySegment ADDRESS = JniLibraries.inCudnnGraph("cudnnGetVersion");
    private static final MethodHandle PLAIN = Native.downcallHandle(cudnn.cudnnGetVersion$descriptor())
            .bindTo(ADDRESS);
    private static final MethodHandle CRITICAL = Critical.handle(ADDRESS, cudnn.cudnnGetVersion$descriptor());

    /** As the bindings do it. */
    @Benchmark
    public long ours() throws Throwable {
        return (long) PLAIN.invokeExact();
    }

    /** By a critical downcall. */
    @Benchmark
    public long critical() throws Throwable {
        return (long) CRITICAL.invokeExact();
    }

    /** By JNI. */
    @Benchmark
    public long jni() {
        return org.bytedeco.cuda.global.cudnn.cudnnGetVersion();
    }
}
