package dev.culebra.tools.benchmarks.calls;

import java.lang.invoke.MethodHandle;

import dev.culebra.bindings.cublaslt.cublasLt;
import org.bytedeco.cuda.global.cublas;
import org.openjdk.jmh.annotations.Benchmark;

/** {@code size_t cublasLtGetVersion(void)}: returns a constant, so that this is the cost of the way itself. */
public class CublasLtGetVersion extends CallBenchmark {
    private static final MethodHandle CRITICAL = Critical.handle(cublasLt.cublasLtGetVersion$address(),
            cublasLt.cublasLtGetVersion$descriptor());

    /** By the bindings. */
    @Benchmark
    public long ours() {
        return cublasLt.cublasLtGetVersion();
    }

    /** By a critical downcall. */
    @Benchmark
    public long critical() throws Throwable {
        return (long) CRITICAL.invokeExact();
    }

    /** By JNI. */
    @Benchmark
    public long jni() {
        return cublas.cublasLtGetVersion();
    }
}
