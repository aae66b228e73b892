package dev.culebra.tools.benchmarks.calls;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

import dev.culebra.bindings.cudnn.cudnn;
import org.bytedeco.javacpp.BytePointer;
import org.openjdk.jmh.annotations.Benchmark;

/** {@code const char *cudnnGetErrorString(cudnnStatus_t)}: the pointer, the text is not read. */
public class CudnnGetErrorString extends CallBenchmark {
    private static final MethodHandle CRITICAL = Critical.handle(cudnn.cudnnGetErrorString$address(),
            cudnn.cudnnGetErrorString$descriptor());

    private int status = cudnn.CUDNN_STATUS_BAD_PARAM;

    /** By the bindings. */
    @Benchmark
    public MemorySegment ours() {
        return cudnn.cudnnGetErrorString(status);
    }

    /** By a critical downcall. */
    @Benchmark
    public MemorySegment critical() throws Throwable {
        return (MemorySegment) CRITICAL.invokeExact(status);
    }

    /** By JNI. */
    @Benchmark
    public BytePointer jni() {
        return org.bytedeco.cuda.global.cudnn.cudnnGetErrorString(status);
    }
}
