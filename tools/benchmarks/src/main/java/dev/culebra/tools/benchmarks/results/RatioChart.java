package dev.culebra.tools.benchmarks.results;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.culebra.experiments.report.document.Chart;
import dev.culebra.experiments.report.document.Figure;
import dev.culebra.tools.benchmarks.Measurements.Spread;

/** The ratios of a recording as a figure: a row for each that was compared, a dot for each of our ways. */
final class RatioChart {
    private RatioChart() {}

    /** The figure. */
    static Figure figure(Recording recording) {
        return new Figure(recording.slug(), "", "", 1,
                List.of(chart(recording)));
    }

    private static Chart.Dots chart(Recording recording) {
        String peers = recording.tables().stream().map(Comparisons::peer).distinct()
                .collect(Collectors.joining(" and "));
        List<String> rows = new ArrayList<>();
        Map<String, List<Chart.Dot>> dots = new LinkedHashMap<>();
        for (Comparisons table : recording.tables()) {
            for (String row : table.measurements().rows()) {
                for (String way : table.ours()) {
                    table.ratio(row, way).ifPresent(ratio -> dots.computeIfAbsent(way, absent -> new ArrayList<>())
                            .add(dot(rows.size(), ratio)));
                }
                rows.add(row);
            }
        }
        List<Chart.DotSet> sets = new ArrayList<>();
        dots.forEach((way, values) -> sets.add(new Chart.DotSet(way, sets.size(), false, values)));
        return new Chart.Dots(peers + " beside Culebra on " + recording.machine(),
                new Chart.Axis("what the other needs over what Culebra needs: right of 1 Culebra needs less",
                        Chart.Scale.LOGARITHMIC),
                rows, sets);
    }

    private static Chart.Dot dot(int row, Spread ratio) {
        return new Chart.Dot(row, ratio.median(), ratio.lowest(), ratio.highest());
    }
}
