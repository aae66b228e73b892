package dev.culebra.tools.benchmarks.calls;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.stream.IntStream;

import dev.culebra.bindings.cudnn.cudnn;
import org.bytedeco.cuda.cudnn.cudnnTensorStruct;
import org.bytedeco.javacpp.IntPointer;
import org.openjdk.jmh.annotations.Benchmark;

/** {@code cudnnStatus_t cudnnGetTensor4dDescriptor(descriptor, …)}: ten pointers, nine of which receive an int. */
public class CudnnGetTensor4dDescriptor extends CallBenchmark {
    private static final int OUTS = 9;
    private static final MethodHandle CRITICAL = Critical.handle(cudnn.cudnnGetTensor4dDescriptor$address(),
            cudnn.cudnnGetTensor4dDescriptor$descriptor());

    private final MemorySegment descriptor = create(cudnn::cudnnCreateTensorDescriptor);
    private final cudnnTensorStruct jniDescriptor = new cudnnTensorStruct(JniLibraries.pointer(descriptor));
    private final MemorySegment memory = allocate(OUTS * Integer.BYTES);
    private final MemorySegment[] outs = IntStream.range(0, OUTS)
            .mapToObj(out -> memory.asSlice((long) out * Integer.BYTES, Integer.BYTES)).toArray(MemorySegment[]::new);
    private final IntPointer[] jniOuts = IntStream.range(0, OUTS)
            .mapToObj(out -> new IntPointer(JniLibraries.pointer(outs[out]))).toArray(IntPointer[]::new);

    /** A descriptor whose sizes differ. */
    public CudnnGetTensor4dDescriptor() {
        requireSuccess(
                cudnn.cudnnSetTensor4dDescriptor(descriptor, cudnn.CUDNN_TENSOR_NCHW, cudnn.CUDNN_DATA_FLOAT, 2, 3,
                        5, 7));
    }

    @Override
    public MemorySegment outs() {
        return memory;
    }

    /** By the bindings. */
    @Benchmark
    public int ours() {
        return cudnn.cudnnGetTensor4dDescriptor(descriptor, outs[0], outs[1], outs[2], outs[3], outs[4], outs[5],
                outs[6],
                outs[7], outs[8]);
    }

    /** By a critical downcall. */
    @Benchmark
    public int critical() throws Throwable {
        return (int) CRITICAL.invokeExact(descriptor, outs[0], outs[1], outs[2], outs[3], outs[4], outs[5], outs[6],
                outs[7], outs[8]);
    }

    /** By JNI. */
    @Benchmark
    public int jni() {
        return org.bytedeco.cuda.global.cudnn.cudnnGetTensor4dDescriptor(jniDescriptor, jniOuts[0], jniOuts[1],
                jniOuts[2], jniOuts[3], jniOuts[4], jniOuts[5], jniOuts[6], jniOuts[7], jniOuts[8]);
    }
}
