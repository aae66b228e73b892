package dev.culebra.tools.benchmarks.calls;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

import dev.culebra.bindings.cudnn.cudnn;
import org.bytedeco.cuda.cudnn.cudnnTensorStruct;
import org.bytedeco.javacpp.IntPointer;
import org.openjdk.jmh.annotations.Benchmark;

/** {@code cudnnStatus_t cudnnSetTensorNdDescriptor(descriptor, type, dimensions, sizes, strides)}: arrays are read. */
public class CudnnSetTensorNdDescriptor extends CallBenchmark {
    private static final int DIMENSIONS = 3;
    private static final MethodHandle CRITICAL = Critical.handle(cudnn.cudnnSetTensorNdDescriptor$address(),
            cudnn.cudnnSetTensorNdDescriptor$descriptor());

    private final MemorySegment descriptor = create(cudnn::cudnnCreateTensorDescriptor);
    private final MemorySegment sizes = ints(16, 256, 1);
    private final MemorySegment strides = ints(256, 1, 1);
    private final cudnnTensorStruct jniDescriptor = new cudnnTensorStruct(JniLibraries.pointer(descriptor));
    private final IntPointer jniSizes = new IntPointer(JniLibraries.pointer(sizes));
    private final IntPointer jniStrides = new IntPointer(JniLibraries.pointer(strides));

    private static MemorySegment ints(int... values) {
        return allocate((long) values.length * Integer.BYTES).copyFrom(MemorySegment.ofArray(values));
    }

    /** By the bindings. */
    @Benchmark
    public int ours() {
        return cudnn.cudnnSetTensorNdDescriptor(descriptor, cudnn.CUDNN_DATA_FLOAT, DIMENSIONS, sizes, strides);
    }

    /** By a critical downcall. */
    @Benchmark
    public int critical() throws Throwable {
        return (int) CRITICAL.invokeExact(descriptor, cudnn.CUDNN_DATA_FLOAT, DIMENSIONS, sizes, strides);
    }

    /** By JNI. */
    @Benchmark
    public int jni() {
        return org.bytedeco.cuda.global.cudnn.cudnnSetTensorNdDescriptor(jniDescriptor, cudnn.CUDNN_DATA_FLOAT,
                DIMENSIONS,
                jniSizes, jniStrides);
    }
}
