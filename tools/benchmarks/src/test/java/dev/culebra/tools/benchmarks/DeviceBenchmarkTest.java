package dev.culebra.tools.benchmarks;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.NativeLibraries;
import dev.culebra.testing.NvidiaLibraries;
import dev.culebra.testing.Requirement;
import dev.culebra.tools.benchmarks.device.DeviceBenchmark;
import dev.culebra.tools.benchmarks.device.GraphReplay;
import dev.culebra.tools.benchmarks.device.KernelLaunch;
import dev.culebra.tools.benchmarks.device.PageableCopy;
import dev.culebra.tools.benchmarks.device.PinnedCopy;
import dev.culebra.tools.benchmarks.device.StreamSynchronize;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The benchmarks of a GPU's driver, and their twins in C++, with a driver that does nothing. */
class DeviceBenchmarkTest {
    private static final Settings SHORT = new Settings(1, Duration.ofMillis(1), 1, Duration.ofMillis(5), 0);
    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final List<String> OBSERVED = List.of("cuLaunchKernel", "cuMemcpyAsync",
            "cuMemcpyHtoDAsync_v2", "cuStreamSynchronize", "cuGraphLaunch", "cuCtxSetCurrent");

    @TempDir
    private static Path folder;
    private static Path driver;
    private static MethodHandle calls;

    @BeforeAll
    static void useIdleDriver() throws IOException {
        if (!CppCompiler.isHere()) {
            Requirement.STAND_IN.missing("there is no g++");
        }
        driver = folder.resolve("libcuda.so.1");
        CppCompiler.compile(MODULE.resolve("src/test/cpp/idle_driver.cpp"), driver, List.of("-shared", "-fPIC"));
        System.setProperty("culebra.cuda.path", driver.toString());
        assertEquals(driver, NativeLibraries.CUDA.load().path().orElseThrow());
        System.setProperty(DeviceBenchmark.IMAGE, Files.writeString(folder.resolve("image"), "any").toString());
        calls = Native.downcallHandle(FunctionDescriptor.of(Native.C_LONG_LONG, Native.C_POINTER))
                .bindTo(SymbolLookup.libraryLookup(driver, Arena.global()).findOrThrow("idleDriverCalls"));
    }

    @Test
    void launchesAreAHundredAndTheStreamIsEmptiedBetween() throws Throwable {
        KernelLaunch benchmark = new KernelLaunch();
        assertEquals(Map.of("cuLaunchKernel", 100L), callsOf(benchmark, benchmark::ours));
        KernelLaunch another = new KernelLaunch();
        assertEquals(Map.of("cuStreamSynchronize", 1L), callsOf(another, another::empty));
    }

    @Test
    void copiesAreOneCallAndAWait() throws Throwable {
        PageableCopy pageable = new PageableCopy();
        assertEquals(Map.of("cuMemcpyHtoDAsync_v2", 1L, "cuStreamSynchronize", 1L),
                callsOf(pageable, pageable::ours));
        PinnedCopy pinned = new PinnedCopy();
        assertEquals(Map.of("cuMemcpyAsync", 1L, "cuStreamSynchronize", 1L), callsOf(pinned, pinned::ours));
    }

    @Test
    void replayIsOneCallAndAWait() throws Throwable {
        GraphReplay benchmark = new GraphReplay();
        assertEquals(Map.of("cuGraphLaunch", 1L, "cuStreamSynchronize", 1L), callsOf(benchmark, benchmark::ours));
    }

    @Test
    void waitingIsOneCall() throws Throwable {
        StreamSynchronize benchmark = new StreamSynchronize();
        assertEquals(Map.of("cuStreamSynchronize", 1L), callsOf(benchmark, benchmark::ours));
    }

    @Test
    void tableHasEveryBenchmarkOnBothSides() {
        NvidiaLibraries.load(NativeLibraries.NVRTC);
        List<String> rows = DeviceCosts.measure(MODULE, SHORT, "a command", progress -> {}).lines()
                .filter(line -> line.startsWith("| ")).toList();
        List<String> names = JmhList.classes(DeviceBenchmark.class.getPackage()).stream().map(Class::getSimpleName)
                .toList();
        assertEquals(5, names.size());
        assertEquals("| what | C++ / ours | ours, us | C++, us |", rows.getFirst());
        for (int row = 0; row < names.size(); row++) {
            assertTrue(rows.get(row + 2).matches(
                    "\\| " + names.get(row) + " \\| \\*\\*[\\d.]+\\*\\* \\| [\\d.]+ \\| [\\d.]+ \\|"),
                    rows.get(row + 2));
        }
        assertEquals(names.size() + 2, rows.size());
    }

    /** How often what was made ready calls those functions of the driver that it calls at all. */
    private static Map<String, Long> callsOf(DeviceBenchmark benchmark, Runnable measured) throws Throwable {
        benchmark.open();
        Map<String, Long> before = counts();
        measured.run();
        Map<String, Long> made = new HashMap<>(counts());
        before.forEach((function, count) -> made.merge(function, -count, Long::sum));
        made.values().removeIf(count -> count == 0);
        benchmark.close();
        return made;
    }

    private static Map<String, Long> counts() throws Throwable {
        Map<String, Long> counts = new HashMap<>();
        try (Arena arena = Arena.ofConfined()) {
            for (String function : OBSERVED) {
                MemorySegment name = arena.allocateFrom(function);
                counts.put(function, (long) calls.invokeExact(name));
            }
        }
        return counts;
    }
}
