package dev.culebra.experiments.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import dev.culebra.experiments.run.SmallText;
import dev.culebra.runtime.standin.StandIn;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Runs that share a device, of which one fails. */
class CudaStudyTest extends OnCuda {
    private static final int OUT_OF_MEMORY = 2;

    private Program all(String words, String directory) {
        return run("all --no-report --only 1,5,9 --hidden-size 12 " + words, directory);
    }

    @Test
    void runsThatShareTheDeviceAreThoseOneAfterAnother() throws IOException {
        all("--dropout 0.2 ", "turn").assertDone();
        all("--dropout 0.2 --parallel 3 ", "once").assertDone();
        for (String run : List.of("exp1", "exp5", "exp9")) {
            assertEquals(RunNumbers.of(folder.resolve("turn").resolve(run)),
                    RunNumbers.of(folder.resolve("once").resolve(run)));
        }
    }

    /** What it had of the device is freed by then, as every test here asserts. */
    @Test
    void oneThatFindsNoMemoryLeavesItToTheOthers() throws IOException {
        StandIn.failNext("cuMemAllocFromPoolAsync", OUT_OF_MEMORY, 40);
        Program program = all("--parallel 3 ", "study");
        StandIn.failNone();
        assertEquals(1, program.code(), program.err());
        assertTrue(program.err().matches("error: exp[159] failed: CUDA_ERROR_OUT_OF_MEMORY \\(2\\) from "
                + "cuMemAllocFromPoolAsync.* 2 of 3 runs finished; go on with: java .*\\R"), program.err());
        Path study = folder.resolve("study");
        all("--parallel 3 ", "study").assertDone();
        all("", "whole").assertDone();
        for (String run : List.of("exp1", "exp5", "exp9")) {
            assertEquals(RunNumbers.of(folder.resolve("whole").resolve(run)), RunNumbers.of(study.resolve(run)));
        }
    }
}
