package dev.culebra.runtime.nvtx;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

import com.sun.management.ThreadMXBean;
import dev.culebra.bindings.MissingLibraryException;
import dev.culebra.bindings.NativeLibraries;
import dev.culebra.testing.AnotherJvm;
import dev.culebra.testing.MadeLibrary;
import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NvtxTest {
    private static final int CALLS = 1000;

    @TempDir
    private Path folder;

    @Test
    void withoutProfilerNothingHappens() {
        requireLibrary();
        assertTrue(Nvtx.isAvailable());
        for (int i = 0; i < 1000; i++) {
            try (Range _ = Nvtx.range("outer"); Range _ = Nvtx.range("inner", 0x76b900)) {
                Nvtx.mark("mark");
            }
        }
    }

    @Test
    void rangesAreClosedByTheirThread() {
        requireLibrary();
        Range range = Nvtx.range("of this thread");
        Throwable cause = assertThrows(ExecutionException.class, CompletableFuture.runAsync(range::close)::get)
                .getCause();
        assertTrue(cause instanceof IllegalStateException, cause.toString());
        range.close();
    }

    @Test
    void profilersSeeRangesAndMarks() throws IOException, InterruptedException {
        Path library = requireLibrary();
        assertEquals("""
                true
                push step 1
                push forward version 3 size 48 colour 1 ff76b900
                mark größe
                mark 汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉
                mark short
                pop
                pop
                push after
                pop
                start in a virtual thread
                start coloured colour ff000001
                end 78
                end 77
                """, run(Map.of("NVTX_INJECTION64_PATH", recorder(library).toString())));
    }

    @Test
    void profilerThatIsNotThereIsHarmless() throws IOException, InterruptedException {
        requireLibrary();
        assertEquals("true\n", run(Map.of("NVTX_INJECTION64_PATH", folder.resolve("missing.so").toString())));
    }

    @Test
    void withoutLibraryNothingHappens() throws IOException, InterruptedException {
        assertEquals("false\n", run(Map.of("CULEBRA_NVTX_PATH", folder.toString())));
    }

    @Test
    void marksAllocateNothingAndRangesOneObject() {
        requireLibrary();
        assertEquals(0, leastAllocatedBy(() -> Nvtx.mark("mark")), "bytes for marks");
        long perRange = leastAllocatedBy(() -> Nvtx.range("range").close()) / CALLS;
        assertTrue(perRange <= 48, perRange + " bytes for a range");
        long perColour = leastAllocatedBy(() -> Nvtx.range("range", 0x76b900).close()) / CALLS;
        assertTrue(perColour <= 48, perColour + " bytes for a coloured range");
    }

    /** The least of several rounds of calls: while Java still compiles what it runs, that makes some garbage. */
    private static long leastAllocatedBy(Runnable call) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                call.run();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    private static Path requireLibrary() {
        try {
            return NativeLibraries.NVTX.load().path().orElseThrow();
        } catch (MissingLibraryException missing) {
            Requirement.NVIDIA_LIBRARIES.missing(missing.getMessage());
            throw missing;
        }
    }

    /** Compiles the profiler. */
    private Path recorder(Path library) throws IOException, InterruptedException {
        Path include = Stream.of("include", "targets/x86_64-linux/include")
                .map(library.getParent().getParent()::resolve).filter(path -> Files.exists(path.resolve("nvtx3")))
                .findFirst().orElse(folder);
        if (include.equals(folder)) {
            Requirement.HEADERS.missing("the headers of NVTX are not beside " + library);
        }
        return MadeLibrary.compile(folder.resolve("librecorder.so"),
                Files.readString(Requirement.source("src/test/nvtx/recorder.c")), "-I" + include);
    }

    /** What {@link Step} and the profiler print, in a process of their own: a profiler is looked for once. */
    private static String run(Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder process = AnotherJvm.of(Step.class);
        process.environment().putAll(environment);
        return AnotherJvm.output(process);
    }

    /** Makes ranges as a program does. */
    static final class Step {
        private Step() {}

        public static void main(String[] arguments) throws InterruptedException {
            System.out.println(Nvtx.isAvailable());
            try (Range _ = Nvtx.range("step 1"); Range _ = Nvtx.range("forward", 0x76b900)) {
                Nvtx.mark("größe");
                Nvtx.mark("汉".repeat(45));
                Nvtx.mark("short");
            }
            Range after = Nvtx.range("after");
            after.close();
            after.close();
            Thread.ofVirtual().start(() -> {
                try (Range _ = Nvtx.range("in a virtual thread"); Range _ = Nvtx.range("coloured", 1)) {
                    Thread.yield();
                }
            }).join();
        }
    }
}
