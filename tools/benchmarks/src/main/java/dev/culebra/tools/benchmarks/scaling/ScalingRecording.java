package dev.culebra.tools.benchmarks.scaling;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.culebra.experiments.report.document.Chart;
import dev.culebra.experiments.report.document.Figure;
import dev.culebra.experiments.study.ModelKind;
import dev.culebra.tools.benchmarks.MarkdownTable;
import dev.culebra.tools.benchmarks.results.Recorded;

/**
 * What training steps of several sizes needed on one machine.
 *
 * @param machine its name, for people
 * @param circumstances versions, settings and date, in one line
 * @param points the steps
 */
public record ScalingRecording(String machine, String circumstances, List<Point> points) implements Recorded {
    /**
     * A step.
     *
     * @param kind of its model
     * @param size which size was varied
     * @param value its value
     * @param study the study's value of it
     * @param seconds that the step took
     * @param planned bytes that were known before the first step to be needed
     * @param peak the most bytes that the process had, or those that it took of a GPU's
     */
    public record Point(ModelKind kind, Size size, int value, int study, double seconds, long planned, long peak) {}

    @Override
    public String markdown() {
        MarkdownTable table = new MarkdownTable(2, List.of("model", "size", "value", "time / the study's",
                "memory / the study's", "ms a step", "planned, MB", "peak, MB"));
        for (Point point : points) {
            Point study = ofStudy(point.kind, point.size);
            table.row(List.of(point.kind.toString(), point.size.toString(), String.valueOf(point.value),
                    ratio(point.seconds / study.seconds), ratio((double) point.peak / study.peak),
                    MarkdownTable.number(1e3 * point.seconds), MarkdownTable.number(point.planned / 1e6),
                    MarkdownTable.number(point.peak / 1e6)));
        }
        return circumstances + "\n\n" + table;
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, "**%.2f**", value);
    }

    private Point ofStudy(ModelKind kind, Size size) {
        return of(kind, size).stream().filter(point -> point.value == point.study).findFirst().orElseThrow();
    }

    private List<Point> of(ModelKind kind, Size size) {
        return points.stream().filter(point -> point.kind == kind && point.size == size).toList();
    }

    @Override
    public Figure figure() {
        List<Chart> charts = new ArrayList<>();
        for (ModelKind kind : ModelKind.values()) {
            charts.add(chart(kind, "time of a step", false));
            charts.add(chart(kind, "memory", true));
        }
        return new Figure(slug(), "", "", 2, charts);
    }

    private Chart.Lines chart(ModelKind kind, String what, boolean memory) {
        List<Size> varied = points.stream().filter(point -> point.kind == kind).map(Point::size).distinct().toList();
        List<Chart.Line> lines = varied.stream().map(size -> {
            Point study = ofStudy(kind, size);
            List<Chart.Point> line = of(kind, size).stream()
                    .map(point -> Chart.Point.of((double) point.value / point.study,
                            memory ? (double) point.peak / study.peak : point.seconds / study.seconds))
                    .toList();
            return new Chart.Line(size.toString(), size.ordinal(), Chart.Stroke.SOLID, line);
        }).toList();
        return new Chart.Lines(kind + ": " + what,
                new Chart.Axis("size over the study's", Chart.Scale.LOGARITHMIC),
                new Chart.Axis(what + " over the study's", Chart.Scale.LOGARITHMIC), lines);
    }
}
