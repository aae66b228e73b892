package dev.culebra.tools.benchmarks;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.util.List;

import dev.culebra.bindings.MissingLibraryException;
import dev.culebra.bindings.NativeLibraries;
import dev.culebra.bindings.NativeLibrary;
import dev.culebra.testing.NvidiaLibraries;
import dev.culebra.testing.Requirement;
import dev.culebra.tools.benchmarks.calls.CallBenchmark;
import dev.culebra.tools.benchmarks.calls.CudnnGetTensor4dDescriptor;
import dev.culebra.tools.benchmarks.calls.CudnnGetVersion;
import dev.culebra.tools.benchmarks.calls.NvrtcVersionFreshOuts;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

class CallBenchmarkTest {
    private static final List<String> WAYS = List.of("ours", "critical", "jni");

    @BeforeAll
    static void requireLibraries() {
        for (NativeLibrary library : List.of(NativeLibraries.CUBLAS, NativeLibraries.CUDNN, NativeLibraries.NVRTC,
                NativeLibraries.NCCL)) {
            NvidiaLibraries.load(library);
        }
        try {
            NativeLibraries.CUDA.load();
        } catch (MissingLibraryException noDriver) {
            if (!CppCompiler.isHere()) {
                Requirement.HOST_KERNELS.missing("g++ makes a stub of the driver, and is not here");
            }
        }
    }

    static List<Class<?>> benchmarks() {
        return JmhList.classes(CallBenchmark.class.getPackage());
    }

    @ParameterizedTest
    @MethodSource("benchmarks")
    void allWaysReturnAndWriteTheSame(Class<?> type) throws ReflectiveOperationException {
        CallBenchmark benchmark = (CallBenchmark) type.getDeclaredConstructor().newInstance();
        assertEquals(WAYS.stream().sorted().toList(),
                JmhList.methods(type).stream().map(Method::getName).sorted().toList());
        Object value = call(benchmark, "ours");
        byte[] outs = benchmark.outs().toArray(ValueLayout.JAVA_BYTE);
        for (String way : WAYS) {
            benchmark.outs().fill((byte) 0);
            assertEquals(value, call(benchmark, way), way);
            assertArrayEquals(outs, benchmark.outs().toArray(ValueLayout.JAVA_BYTE), way);
        }
    }

    @ParameterizedTest
    @MethodSource("benchmarks")
    void callsSucceed(Class<?> type) throws ReflectiveOperationException {
        CallBenchmark benchmark = (CallBenchmark) type.getDeclaredConstructor().newInstance();
        Object value = call(benchmark, "jni");
        if (type.getSimpleName().contains("Get") && !type.getSimpleName().matches(".*(Descriptor|Attribute)")
                || benchmark instanceof NvrtcVersionFreshOuts) {
            assertNotEquals(0L, value, "a version or a pointer");
        } else {
            assertEquals(0L, value, "a status");
        }
    }

    @Test
    void whatIsCalledDoesWhatItsNameSays() {
        CudnnGetTensor4dDescriptor sizes = new CudnnGetTensor4dDescriptor();
        sizes.jni();
        assertArrayEquals(new int[] {0, 2, 3, 5, 7, 105, 35, 7, 1}, sizes.outs().toArray(ValueLayout.JAVA_INT));
        assertEquals(9, new CudnnGetVersion().jni() / 10_000);
    }

    /** What a way returns, a pointer as its address. */
    private static long call(CallBenchmark benchmark, String way) throws ReflectiveOperationException {
        return switch (benchmark.getClass().getMethod(way).invoke(benchmark)) {
            case Number number -> number.longValue();
            case MemorySegment pointer -> pointer.address();
            case Pointer pointer -> pointer.address();
            default -> throw new AssertionError("what is this?");
        };
    }
}
