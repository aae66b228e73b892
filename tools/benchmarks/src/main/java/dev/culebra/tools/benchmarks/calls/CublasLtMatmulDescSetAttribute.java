package dev.culebra.tools.benchmarks.calls;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.cublaslt.cublasLt;
import org.bytedeco.cuda.cublas.cublasLtMatmulDescOpaque_t;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.javacpp.Pointer;
import org.openjdk.jmh.annotations.Benchmark;

/** {@code cublasStatus_t cublasLtMatmulDescSetAttribute(descriptor, attribute, value, bytes)}: the bias epilogue. */
public class CublasLtMatmulDescSetAttribute extends CallBenchmark {
    private static final MethodHandle CRITICAL = Critical.handle(cublasLt.cublasLtMatmulDescSetAttribute$address(),
            cublasLt.cublasLtMatmulDescSetAttribute$descriptor());

    private final MemorySegment descriptor = create(
            out -> cublasLt.cublasLtMatmulDescCreate(out, cublasLt.CUBLAS_COMPUTE_32F, cublasLt.CUDA_R_32F));
    private final MemorySegment value = allocate(Integer.BYTES);
    private final cublasLtMatmulDescOpaque_t jniDescriptor = new cublasLtMatmulDescOpaque_t(
            JniLibraries.pointer(descriptor));
    private final Pointer jniValue = JniLibraries.pointer(value);

    /** Chooses the epilogue. */
    public CublasLtMatmulDescSetAttribute() {
        value.set(Native.C_INT, 0, cublasLt.CUBLASLT_EPILOGUE_BIAS);
    }

    /** By the bindings. */
    @Benchmark
    public int ours() {
        return cublasLt.cublasLtMatmulDescSetAttribute(descriptor, cublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE, value,
                Integer.BYTES);
    }

    /** By a critical downcall. */
    @Benchmark
    public int critical() throws Throwable {
        return (int) CRITICAL.invokeExact(descriptor, cublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE, value,
                (long) Integer.BYTES);
    }

    /** By JNI. */
    @Benchmark
    public int jni() {
        return cublas.cublasLtMatmulDescSetAttribute(jniDescriptor, cublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE, jniValue,
                Integer.BYTES);
    }
}
