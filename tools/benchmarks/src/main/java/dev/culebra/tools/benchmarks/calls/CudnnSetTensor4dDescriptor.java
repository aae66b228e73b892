package dev.culebra.tools.benchmarks.calls;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

import dev.culebra.bindings.cudnn.cudnn;
import org.bytedeco.cuda.cudnn.cudnnTensorStruct;
import org.openjdk.jmh.annotations.Benchmark;

/** {@code cudnnStatus_t cudnnSetTensor4dDescriptor(descriptor, format, type, n, c, h, w)}: seven parameters by value. */
public class CudnnSetTensor4dDescriptor extends CallBenchmark {
    private static final MethodHandle CRITICAL = Critical.handle(cudnn.cudnnSetTensor4dDescriptor$address(),
            cudnn.cudnnSetTensor4dDescriptor$descriptor());

    private final MemorySegment descriptor = create(cudnn::cudnnCreateTensorDescriptor);
    private final cudnnTensorStruct jniDescriptor = new cudnnTensorStruct(JniLibraries.pointer(descriptor));
    private int batch = 16;

    /** By the bindings. */
    @Benchmark
    public int ours() {
        return cudnn.cudnnSetTensor4dDescriptor(descriptor, cudnn.CUDNN_TENSOR_NCHW, cudnn.CUDNN_DATA_FLOAT, batch, 3,
                32,
                32);
    }

    /** By a critical downcall. */
    @Benchmark
    public int critical() throws Throwable {
        return (int) CRITICAL.invokeExact(descriptor, cudnn.CUDNN_TENSOR_NCHW, cudnn.CUDNN_DATA_FLOAT, batch, 3, 32,
                32);
    }

    /** By JNI. */
    @Benchmark
    public int jni() {
        return org.bytedeco.cuda.global.cudnn.cudnnSetTensor4dDescriptor(jniDescriptor, cudnn.CUDNN_TENSOR_NCHW,
                cudnn.CUDNN_DATA_FLOAT, batch, 3, 32, 32);
    }
}
