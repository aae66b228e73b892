package dev.culebra.tools.benchmarks.roofline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.culebra.experiments.report.document.Chart;
import dev.culebra.experiments.report.document.Figure;
import dev.culebra.runtime.Precision;
import dev.culebra.tools.benchmarks.Circumstances;
import dev.culebra.tools.benchmarks.results.Recorded;
import dev.culebra.tools.benchmarks.study.Sizes;

/**
 * How near operations and training steps came to what a machine can do.
 *
 * @param machine its name, for people
 * @param lines all results
 */
public record RooflineRecording(String machine, List<Line> lines) implements Recorded {
    /**
     * Measures a device in all its precisions, and tells the progress on standard error.
     *
     * @param command what was asked for
     * @param folder emptied; it has each result as soon as it is there, as {@link Results} tells
     */
    public static RooflineRecording measure(String device, String commit, String command, Path folder) {
        String machine = Circumstances.machine(device);
        Results results = new Results(folder);
        new Measurement(device, Sizes.FULL, System.nanoTime() + Long.MAX_VALUE / 2, results::add,
                name -> true)
                .measure(RooflineBenchmark.precisions(device), commit, command);
        if (results.lines().stream().noneMatch(Line.Result.class::isInstance)) {
            throw new IllegalStateException("nothing could be measured; " + folder + " tells why");
        }
        return new RooflineRecording(machine, results.lines());
    }

    @Override
    public String markdown() {
        return Page.of(lines);
    }

    /** Of each operation the share of the ceiling that binds it. */
    @Override
    public Figure figure() {
        List<String> rows = new ArrayList<>();
        Map<Precision, List<Chart.Dot>> dots = new LinkedHashMap<>();
        for (Line line : lines) {
            if (line instanceof Line.Result result) {
                String row = result.operation() + ", " + result.pass() + ", " + result.sizes();
                if (!rows.contains(row)) {
                    rows.add(row);
                }
                dots.computeIfAbsent(result.precision(), absent -> new ArrayList<>())
                        .add(Chart.Dot.of(rows.indexOf(row), 100 * result.share()));
            }
        }
        List<Chart.DotSet> sets = new ArrayList<>();
        dots.forEach((precision, values) -> sets
                .add(new Chart.DotSet(precision.label(), sets.size(), false, values)));
        return new Figure(slug(), "", "", 1, List.of(new Chart.Dots("What is reached of the ceiling on " + machine,
                new Chart.Axis("% of the rate of a large product, or of a large copy, whichever binds",
                        Chart.Scale.LINEAR),
                rows, sets)));
    }
}
