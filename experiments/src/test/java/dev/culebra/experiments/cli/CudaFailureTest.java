package dev.culebra.experiments.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.culebra.nn.checkpoint.Checkpoint;
import dev.culebra.runtime.standin.StandIn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whatever fails on the device ends a run with one line that says what, frees everything, and leaves whole files. */
class CudaFailureTest extends OnCuda {
    /** A step that is rehearsed, one that is recorded, one that is only launched. */
    private static final String RUN = "exp2 --hidden-size 8 --dropout 0.2 --clip-norm 1 --max-steps 3 ";
    private static final String ALLOCATION = "cuMemAllocFromPoolAsync";
    /** What such a call was to free, nobody can. */
    private static final String FREES = ".*(Destroy|Free|Unload|Release).*";
    /** What is also called once a second, so that nobody knows how often a run does, or to tell of a version. */
    private static final String ONLY_FIRST = "cuCtxSetCurrent|cuMemGetInfo(_v2)?|cuDriverGetVersion";
    private static final int OUT_OF_MEMORY = 2;
    private static final String WHOLE_FILES = "config\\.json|metrics\\.jsonl|last\\.safetensors|events\\.out\\.tfevents\\..*";

    private int runs;

    /** A failure that leaves the library as usable as before. */
    private record Failure(String function, int status, String name) {
        static Failure of(String function) {
            if (function.startsWith("cublas")) {
                return new Failure(function, 14, "CUBLAS_STATUS_INTERNAL_ERROR");
            }
            return function.startsWith("cudnn")
                    ? new Failure(function, 4000, "CUDNN_STATUS_INTERNAL_ERROR")
                    : new Failure(function, 800, "CUDA_ERROR_NOT_PERMITTED");
        }
    }

    @Test
    void memoryThatRunsOutAtAnyAllocation() {
        int allocations = callsOfARun().get(ALLOCATION);
        assertTrue(allocations > 20, "allocations: " + allocations);
        Failure failure = new Failure(ALLOCATION, OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY");
        assertAll(Stream.iterate(0, after -> after < allocations, after -> after + 1).map(after -> () -> {
            String line = assertEnds(failure, after);
            assertTrue(
                    line.matches(".* \\d+ bytes were asked for; the device has \\d+ of \\d+ bytes free; the pool holds "
                            + "\\d+; use a smaller --batch-size, .*"),
                    line);
            assertFalse(line.contains("-Xmx"), line);
        }));
    }

    @Test
    void anyCallThatFailsAtFirstOrLater() {
        List<Executable> failures = new ArrayList<>();
        callsOfARun().forEach((function, calls) -> {
            for (int after : calls == 1 || function.matches(ONLY_FIRST) ? new int[] {0} : new int[] {0, calls / 2}) {
                failures.add(() -> assertEnds(Failure.of(function), after));
            }
        });
        assertTrue(failures.size() > 80, "failures: " + failures.size());
        assertAll(failures);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cuStreamBeginCapture", "cuStreamEndCapture", "cuGraphInstantiateWithFlags"})
    void aStepThatCannotBeRecordedCanBeMadeWithoutAGraph(String function) throws IOException {
        String line = assertEnds(Failure.of(function), 0);
        assertTrue(line.startsWith("error: this work cannot be recorded as a CUDA graph: CUDA_ERROR_NOT_PERMITTED"),
                line);
        assertTrue(line.endsWith("; run it with --no-graph"), line);
        StandIn.failNext(function, Failure.of(function).status(), 0);
        run(RUN + "--no-graph ", "eager").assertDone();
        StandIn.failNone();
    }

    /** How often a run calls each function where what it needs is compiled and chosen already. */
    private Map<String, Integer> callsOfARun() {
        run(RUN, "first").assertDone();
        StandIn.clearCallLog();
        run(RUN, "second").assertDone();
        return StandIn.callLog().stream().map(call -> call.substring(0, call.indexOf('('))).collect(
                Collectors.groupingBy(function -> function, TreeMap::new, Collectors.summingInt(_ -> 1)));
    }

    private String assertEnds(Failure failure, int after) throws IOException {
        forgiveWhatIsLive();
        String directory = "failing" + ++runs;
        StandIn.failNext(failure.function(), failure.status(), after);
        Program program = run(RUN, directory);
        StandIn.failNone();
        String what = failure + " after " + after + ": " + program.err();
        assertEquals(1, program.code(), what);
        assertTrue(program.err().matches("error: .*" + failure.name() + " \\(" + failure.status() + "\\) from "
                + failure.function() + "(_v\\d+)?\\b.*\\R"), what);
        assertTrue(StandIn.liveObjects() == live() + (failure.function().matches(FREES) ? 1 : 0),
                () -> what + StandIn.liveObjectsByKind());
        forgiveWhatIsLive();
        assertWhole(folder.resolve(directory));
        return program.err().strip();
    }

    private static void assertWhole(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                assertTrue(file.getFileName().toString().matches(WHOLE_FILES), file.toString());
            }
        }
        String metrics = Files.readString(directory.resolve("metrics.jsonl"));
        assertTrue(metrics.isEmpty() || metrics.endsWith("}\n"), metrics);
        Path last = directory.resolve("last.safetensors");
        if (Files.exists(last)) {
            Checkpoint.open(last).close();
        }
    }
}
