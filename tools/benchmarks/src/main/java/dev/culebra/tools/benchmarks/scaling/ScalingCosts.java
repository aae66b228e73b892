package dev.culebra.tools.benchmarks.scaling;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.culebra.experiments.study.ModelKind;
import dev.culebra.runtime.Precision;
import dev.culebra.tools.benchmarks.Circumstances;
import dev.culebra.tools.benchmarks.study.Gpu;
import dev.culebra.tools.benchmarks.study.Precisions;

/** Measures training steps around the study's sizes, one of which is varied at a time, each in a process of its own. */
public final class ScalingCosts {
    private ScalingCosts() {}

    /**
     * Why there is nothing to measure, if so.
     *
     * @param device where the steps are to be made, {@code cpu} or {@code cuda:N}
     */
    public static Optional<String> missing(String device) {
        return Gpu.is(device) || Files.exists(Path.of("/proc/self/status"))
                ? Optional.empty()
                : Optional.of("only Linux tells the memory of a process");
    }

    /**
     * Measures, and tells the progress.
     *
     * @param device where the steps are made
     * @param threads the most that are tried on a processor, and of all else
     * @param command what was asked for
     */
    public static ScalingRecording measure(String device, int threads, String command, Consumer<String> progress) {
        String machine = Circumstances.machine(device);
        Precision precision = Precisions.has(device, Precision.BF16) ? Precision.BF16 : Precision.FP32;
        Map<Scale, StepProcess.Cost> measured = new HashMap<>();
        List<ScalingRecording.Point> points = new ArrayList<>();
        for (ModelKind kind : ModelKind.values()) {
            Scale study = Scale.ofStudy(kind, threads);
            for (Size size : sizes(device)) {
                study.along(size).forEach(scale -> {
                    progress.accept("scaling: " + kind + ", " + size + " " + scale.get(size));
                    StepProcess.Cost cost = measured.computeIfAbsent(scale,
                            absent -> StepProcess.measure(absent, precision, device));
                    points.add(new ScalingRecording.Point(kind, size, scale.get(size), study.get(size), cost.seconds(),
                            cost.planned(), cost.peak()));
                });
            }
        }
        return new ScalingRecording(machine, Circumstances.line(machine, Circumstances.libraries(device),
                "a process for each, the fastest of " + StepProcess.steps(device) + " steps after "
                        + StepProcess.warmUps(device) + "; " + precision.label() + "; `" + command + "`"),
                points);
    }

    /** What is varied: a GPU has threads of its own. */
    static List<Size> sizes(String device) {
        return Stream.of(Size.values()).filter(size -> size != Size.THREADS || !Gpu.is(device)).toList();
    }
}
