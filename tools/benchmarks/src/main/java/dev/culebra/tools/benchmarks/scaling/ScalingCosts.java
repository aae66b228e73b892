package dev.culebra.tools.benchmarks.scaling;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import dev.culebra.experiments.study.ModelKind;
import dev.culebra.runtime.Precision;
import dev.culebra.tools.benchmarks.Circumstances;
import dev.culebra.tools.benchmarks.study.Precisions;

/** Measures training steps around the study's sizes, one of which is varied at a time, each in a process of its own. */
public final class ScalingCosts {
    private ScalingCosts() {}

    /** Why there is nothing to measure, if so. */
    public static Optional<String> missing() {
        return Files.exists(Path.of("/proc/self/status"))
                ? Optional.empty()
                : Optional.of("only Linux tells the memory of a process");
    }

    /**
     * Measures, and tells the progress.
     *
     * @param threads the most that are tried, and of all else
     * @param command what was asked for
     */
    public static ScalingRecording measure(int threads, String command, Consumer<String> progress) {
        Precision precision = Precisions.has("cpu", Precision.BF16) ? Precision.BF16 : Precision.FP32;
        Map<Scale, StepProcess.Cost> measured = new HashMap<>();
        List<ScalingRecording.Point> points = new ArrayList<>();
        for (ModelKind kind : ModelKind.values()) {
            Scale study = Scale.ofStudy(kind, threads);
            for (Size size : Size.values()) {
                study.along(size).forEach(scale -> {
                    progress.accept("scaling: " + kind + ", " + size + " " + scale.get(size));
                    StepProcess.Cost cost = measured.computeIfAbsent(scale,
                            absent -> StepProcess.measure(absent, precision));
                    points.add(new ScalingRecording.Point(kind, size, scale.get(size), study.get(size), cost.seconds(),
                            cost.planned(), cost.peak()));
                });
            }
        }
        return new ScalingRecording(Circumstances.machine(), Circumstances.line(Circumstances.onednn(),
                "a process for each, the fastest of three steps after two; " + precision.label() + "; `" + command
                        + "`"),
                points);
    }
}
