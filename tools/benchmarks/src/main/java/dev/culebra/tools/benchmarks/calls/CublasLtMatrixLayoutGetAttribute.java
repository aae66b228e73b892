package dev.culebra.tools.benchmarks.calls;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

import dev.culebra.bindings.cublaslt.cublasLt;
import org.bytedeco.cuda.cublas.cublasLtMatrixLayoutOpaque_t;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.openjdk.jmh.annotations.Benchmark;

/** {@code cublasStatus_t cublasLtMatrixLayoutGetAttribute(layout, attribute, value, bytes, written)}: the rows. */
public class CublasLtMatrixLayoutGetAttribute extends CallBenchmark {
    private static final MethodHandle CRITICAL = Critical.handle(cublasLt.cublasLtMatrixLayoutGetAttribute$address(),
            cublasLt.cublasLtMatrixLayoutGetAttribute$descriptor());

    private final MemorySegment layout = create(
            out -> cublasLt.cublasLtMatrixLayoutCreate(out, cublasLt.CUDA_R_32F, 384, 256, 384));
    private final MemorySegment memory = allocate(2 * Long.BYTES);
    private final MemorySegment value = memory.asSlice(0, Long.BYTES);
    private final MemorySegment written = memory.asSlice(Long.BYTES, Long.BYTES);
    private final cublasLtMatrixLayoutOpaque_t jniLayout = new cublasLtMatrixLayoutOpaque_t(
            JniLibraries.pointer(layout));
    private final Pointer jniValue = JniLibraries.pointer(value);
    private final SizeTPointer jniWritten = new SizeTPointer(JniLibraries.pointer(written));

    @Override
    public MemorySegment outs() {
        return memory;
    }

    /** By the bindings. */
    @Benchmark
    public int ours() {
        return cublasLt.cublasLtMatrixLayoutGetAttribute(layout, cublasLt.CUBLASLT_MATRIX_LAYOUT_ROWS, value,
                Long.BYTES,
                written);
    }

    /** By a critical downcall. */
    @Benchmark
    public int critical() throws Throwable {
        return (int) CRITICAL.invokeExact(layout, cublasLt.CUBLASLT_MATRIX_LAYOUT_ROWS, value, (long) Long.BYTES,
                written);
    }

    /** By JNI. */
    @Benchmark
    public int jni() {
        return cublas.cublasLtMatrixLayoutGetAttribute(jniLayout, cublasLt.CUBLASLT_MATRIX_LAYOUT_ROWS, jniValue,
                Long.BYTES, jniWritten);
    }
}
