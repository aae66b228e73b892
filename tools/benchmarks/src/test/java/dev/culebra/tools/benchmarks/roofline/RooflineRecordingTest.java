package dev.culebra.tools.benchmarks.roofline;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

import dev.culebra.runtime.Precision;
import dev.culebra.tools.benchmarks.Measurements.Spread;
import dev.culebra.tools.benchmarks.results.Recordings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RooflineRecordingTest {
    @TempDir
    private Path module;

    @Test
    void allKindsOfLinesAreKeptAndShown() throws Exception {
        Ceilings ceilings = new Ceilings(4e12, 1e10);
        List<Line> lines = List.of(
                new Setting("cpu: a CPU", false, "none", "none", "25", "Linux", "abc", "a command", "today"),
                Line.Ceiling.of("cpu: a CPU", Precision.BF16, ceilings),
                Line.Result.of("cpu: a CPU", Precision.BF16, new Call("sum", "add", "all", new Work(1, 1), () -> {}),
                        new Timer.Timing(new Spread(2, 1, 4), 5, 1), ceilings, OptionalLong.of(7)),
                new Line.Missing("cpu: a CPU", "exp12", Precision.FP32, "no memory"));
        Recordings<RooflineRecording> kept = new Recordings<>(module, "roofline", RooflineRecording.class);
        kept.keep(new RooflineRecording("A machine", lines));
        assertEquals("### A machine\n\n![roofline](results/roofline/a-machine.svg)\n\n" + Page.of(lines),
                kept.markdown().orElseThrow());
        assertTrue(Files.readString(module.resolve("results/roofline/a-machine.svg")).contains("sum, add, all"));
    }
}
