package dev.culebra.experiments.report.content;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import dev.culebra.experiments.report.document.Chart;
import dev.culebra.experiments.report.runs.RunGroup;
import dev.culebra.experiments.report.runs.RunGroup.CurvePoint;
import dev.culebra.experiments.run.Statistic;

/**
 * Perplexities as lines. What lies above {@link #LIMIT}, or is no finite number, is drawn at that limit, so that one epoch
 * does not take the room of all others; {@link #clippedSentence()} says which.
 */
final class Curves {
    /** The largest perplexity that is drawn where it is; that of a guess among the words of WikiText-2 is 40,479. */
    static final double LIMIT = 100_000;
    /** Says that something is drawn there, where it is not said what. */
    static final String AT_LIMIT = " What lies above " + Formats.count(LIMIT) + " is drawn there.";

    private static final Chart.Stroke[] STROKES = Chart.Stroke.values();

    private final List<String> clipped = new ArrayList<>();
    private final Optional<Time> time;

    private Curves(Optional<Time> time) {
        this.time = time;
    }

    /** Over epochs. */
    static Curves overEpochs() {
        return new Curves(Optional.empty());
    }

    /** The axis of epochs that suits these groups. */
    static Chart.Axis epochs(List<RunGroup> groups) {
        boolean whole = groups.stream().flatMap(group -> group.curve().stream())
                .allMatch(point -> point.epoch() == Math.rint(point.epoch()));
        return new Chart.Axis("epoch", whole ? Chart.Scale.WHOLE : Chart.Scale.LINEAR);
    }

    /** Over the seconds of training, in a unit that suits all these groups. */
    static Curves overTime(List<RunGroup> groups) {
        return new Curves(Optional.of(Time.of(groups.stream().flatMap(group -> group.curve().stream())
                .mapToDouble(CurvePoint::seconds).max().orElse(0))));
    }

    private record Time(String unit, double seconds) {
        static Time of(double longest) {
            return longest < 300
                    ? new Time("seconds", 1)
                    : longest < 3 * 3600 ? new Time("minutes", 60) : new Time("hours", 3600);
        }
    }

    /** The axis to the right. */
    private Chart.Axis x(List<RunGroup> groups) {
        return time.map(unit -> new Chart.Axis("training time, " + unit.unit(), Chart.Scale.LINEAR))
                .orElseGet(() -> epochs(groups));
    }

    /** The axis upwards. */
    static Chart.Axis perplexity() {
        return new Chart.Axis("perplexity", Chart.Scale.LOGARITHMIC);
    }

    /** A chart of a group's own: train and validation. */
    Chart.Lines chart(RunGroup group) {
        return new Chart.Lines(title(group), x(List.of(group)), perplexity(),
                List.of(train("train", group, 1), validation("validation", group, 0)));
    }

    private static String title(RunGroup group) {
        return Descriptions.titled(group) + switch (group.state()) {
            case FINISHED -> "";
            case UNFINISHED -> " (unfinished)";
            case DIVERGED -> " (diverged)";
        };
    }

    /** The validation perplexities of several groups in one chart. */
    Chart.Lines validation(String title, List<RunGroup> groups) {
        List<Chart.Line> lines = new ArrayList<>();
        for (RunGroup group : groups) {
            Chart.Stroke stroke = STROKES[lines.size() % STROKES.length];
            lines.add(line(Descriptions.titled(group), group, lines.size(), stroke, CurvePoint::validation,
                    "validation"));
        }
        return new Chart.Lines(title, x(groups), new Chart.Axis("validation perplexity", Chart.Scale.LOGARITHMIC),
                lines);
    }

    /** Both perplexities of several groups in one chart, each group in its own colour. */
    Chart.Lines both(String title, List<RunGroup> groups) {
        List<Chart.Line> lines = new ArrayList<>();
        for (int color = 0; color < groups.size(); color++) {
            lines.add(train(groups.get(color).label() + " train", groups.get(color), color));
            lines.add(validation(groups.get(color).label() + " validation", groups.get(color), color));
        }
        return new Chart.Lines(title, x(groups), perplexity(), lines);
    }

    private Chart.Line train(String name, RunGroup group, int color) {
        return line(name, group, color, Chart.Stroke.DASHED, CurvePoint::train, "train");
    }

    private Chart.Line validation(String name, RunGroup group, int color) {
        return line(name, group, color, Chart.Stroke.SOLID, CurvePoint::validation, "validation");
    }

    private Chart.Line line(String name, RunGroup group, int color, Chart.Stroke stroke,
            Function<CurvePoint, Optional<Statistic>> value, String split) {
        List<Chart.Point> points = new ArrayList<>();
        for (CurvePoint point : group.curve()) {
            double x = time.map(unit -> point.seconds() / unit.seconds()).orElse(point.epoch());
            Optional<Statistic> inside = value.apply(point).filter(statistic -> statistic.mean() <= LIMIT);
            if (inside.isEmpty()) {
                clipped.add(group.label() + " " + split + " at epoch " + Formats.epoch(point.epoch()) + " ("
                        + value.apply(point).map(statistic -> Formats.perplexity(statistic.mean())).orElse("no number")
                        + ")");
            }
            points.add(inside.map(statistic -> new Chart.Point(x, statistic.mean(),
                    // No spread reaches below any perplexity there is.
                    Math.max(1, statistic.mean() - statistic.deviation()),
                    Math.min(LIMIT, statistic.mean() + statistic.deviation())))
                    .orElseGet(() -> Chart.Point.of(x, LIMIT)));
        }
        return new Chart.Line(name, color, stroke, points);
    }

    /** Says what is drawn at the limit; empty where nothing is. */
    String clippedSentence() {
        List<String> distinct = clipped.stream().distinct().toList();
        if (distinct.isEmpty()) {
            return "";
        }
        int shown = Math.min(4, distinct.size());
        return " Above " + Formats.count(LIMIT) + ", and drawn there: " + String.join(", ", distinct.subList(0, shown))
                + (shown < distinct.size() ? " and " + (distinct.size() - shown) + " more" : "") + ".";
    }
}
