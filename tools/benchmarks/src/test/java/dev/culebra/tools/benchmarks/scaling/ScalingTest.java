package dev.culebra.tools.benchmarks.scaling;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.culebra.experiments.study.ModelKind;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.standin.StandIn;
import dev.culebra.tools.benchmarks.results.Recordings;
import dev.culebra.tools.benchmarks.scaling.ScalingRecording.Point;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ScalingTest {
    @TempDir
    private Path module;

    @Test
    void oneSizeIsVariedAndTheStudysIsAmongItsValues() {
        for (ModelKind kind : ModelKind.values()) {
            Scale study = Scale.ofStudy(kind, 6);
            for (Size size : Size.values()) {
                List<Scale> scales = study.along(size).toList();
                assertTrue(scales.contains(study), size::toString);
                assertTrue(scales.size() >= 3, size::toString);
                for (Scale scale : scales) {
                    for (Size other : Size.values()) {
                        assertTrue(other == size || scale.get(other) == study.get(other), scale::toString);
                    }
                }
            }
        }
        assertEquals(List.of(1, 2, 4, 6),
                Scale.ofStudy(ModelKind.LSTM, 6).along(Size.THREADS).map(Scale::threads).toList());
        assertEquals(List.of(1), Scale.ofStudy(ModelKind.LSTM, 1).along(Size.THREADS).map(Scale::threads).toList());
        assertEquals(List.of(384, 768, 1536),
                Scale.ofStudy(ModelKind.GPT1, 1).along(Size.WIDTH).map(Scale::width).toList());
    }

    @Test
    void aProcessTellsTimeAndMemory() {
        StepProcess.Cost cost = StepProcess.measure(new Scale(ModelKind.LSTM, 1, 2, 1, 16, 1), Precision.FP32, "cpu");
        assertTrue(cost.seconds() > 0, cost::toString);
        // The table, 40,479 by 768, is the least of it.
        assertTrue(cost.planned() > 4L * 40_479 * 768 && cost.peak() > cost.planned(), cost::toString);
        assertThrows(IllegalStateException.class, () -> StepProcess.parse("killed"));
    }

    @Test
    void onAGpuThreadsAreNotVariedAndMemoryIsTheDevices() {
        assertTrue(ScalingCosts.sizes("cpu").contains(Size.THREADS));
        assertEquals(List.of(Size.BATCH, Size.SEQUENCE, Size.LAYERS, Size.WIDTH), ScalingCosts.sizes("cuda:0"));
        StandIn.activate();
        StepProcess.Cost cost = StepProcess.run(new Scale(ModelKind.LSTM, 1, 1, 1, 16, 1), Precision.FP32, "cuda:0");
        assertTrue(cost.seconds() > 0, cost::toString);
        assertTrue(cost.planned() > 4L * 40_479 * 768 && cost.peak() >= cost.planned(), cost::toString);
    }

    @Test
    void pageHasARowForEachPointAndAChartForEachModel() throws Exception {
        List<Point> points = new ArrayList<>();
        for (ModelKind kind : ModelKind.values()) {
            for (Size size : Size.values()) {
                points.add(new Point(kind, size, 1, 2, 0.5, 100_000_000, 150_000_000));
                points.add(new Point(kind, size, 2, 2, 2, 200_000_000, 300_000_000));
            }
        }
        Recordings<ScalingRecording> kept = new Recordings<>(module, "scaling", ScalingRecording.class);
        kept.keep(new ScalingRecording("A machine", "On it.", points));
        String page = kept.markdown().orElseThrow();
        assertTrue(page.contains("| gpt1 | layers | 1 | **0.25** | **0.50** | 500 | 100 | 150 |\n"), page);
        assertEquals(points.size(), page.lines().filter(line -> line.startsWith("| lstm") || line.startsWith("| gpt1"))
                .count());
        assertTrue(Files.readString(module.resolve("results/scaling/a-machine.svg")).contains("gpt1: memory"));
    }
}
