package dev.culebra.tools.benchmarks.calls;

import java.lang.invoke.MethodHandle;

import dev.culebra.bindings.cudnn.cudnn;
import org.openjdk.jmh.annotations.Benchmark;

/** {@code size_t cudnnGetVersion(void)}. */
public class CudnnGetVersion extends CallBenchmark {
    private static final MethodHandle CRITICAL = Critical.handle(cudnn.cudnnGetVersion$address(),
            cudnn.cudnnGetVersion$descriptor());

    /** By the bindings. */
    @Benchmark
    public long ours() {
        return cudnn.cudnnGetVersion();
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
