package dev.culebra.tools.benchmarks;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.culebra.testing.Requirement;
import dev.culebra.tools.benchmarks.calls.CallBenchmark;
import dev.culebra.tools.benchmarks.calls.CudnnGetTensor4dDescriptor;
import dev.culebra.tools.benchmarks.calls.CudnnGetVersion;
import dev.culebra.tools.benchmarks.calls.JniLibraries;
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
        JniLibraries.missing().ifPresent(Requirement.NVIDIA_LIBRARIES::missing);
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

    @Test
    void bothSidesUseTheSameFiles() throws ReflectiveOperationException, IOException {
        for (Class<?> type : benchmarks()) {
            call((CallBenchmark) type.getDeclaredConstructor().newInstance(), "jni");
        }
        Map<String, List<String>> files = Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.matches(".*/lib(cudnn|cublas|nvrtc)[^/]*"))
                .map(line -> line.substring(line.indexOf('/'))).distinct()
                .collect(Collectors.groupingBy(file -> file.substring(file.lastIndexOf('/') + 1)));
        for (String shared : List.of("libcudnn_graph.so.9", "libcublasLt.so.13", "libnvrtc.so.13")) {
            assertEquals(1, files.getOrDefault(shared, List.of()).size(), shared + " among " + files);
        }
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
