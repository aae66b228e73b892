package dev.culebra.experiments.report.content;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culebra.experiments.report.document.Block;
import dev.culebra.experiments.report.document.Chart;
import dev.culebra.experiments.report.document.Figure;
import dev.culebra.experiments.report.document.Table;
import dev.culebra.experiments.report.document.Table.Cell;
import dev.culebra.experiments.report.document.Table.Column;
import dev.culebra.experiments.report.document.Table.Term;
import dev.culebra.experiments.report.runs.RunGroup;
import dev.culebra.experiments.report.runs.Statistic;
import dev.culebra.experiments.report.runs.Study;
import dev.culebra.experiments.study.ModelKind;

/** What do more layers do, and where does overfitting begin? */
final class Depth {
    /** A perplexity above this has learned how often words occur and little more. */
    private static final double UNIGRAM = 1000;
    /** A run that moves less than this share over the second half of its epochs stands still. */
    private static final double STANDSTILL = 0.03;

    private Depth() {}

    static List<Block> of(Study study) {
        Answer answer = new Answer(
                "Depth and overfitting: the gap between train and validation, and where validation turns");
        List<Chart> charts = new ArrayList<>();
        List<Chart> gaps = new ArrayList<>();
        List<RunGroup> all = new ArrayList<>();
        Curves curves = Curves.overEpochs();
        for (ModelKind model : ModelKind.values()) {
            Selection selection = model == ModelKind.LSTM
                    ? Selection.of(study, 2, 9, 10)
                    : Selection.of(study, 6, 11, 12);
            answer.fact(Formats.model(model) + " with AdamW:");
            answer.list(Stream.concat(selection.groups().stream().map(Depth::sentence), selection.remarks())
                    .toList());
            if (selection.groups().size() > 1) {
                answer.interpretation(interpretation(selection.groups()));
            }
            if (!selection.groups().isEmpty()) {
                all.addAll(selection.groups());
                charts.add(curves.validation(Formats.model(model) + ", AdamW", selection.groups()));
                gaps.add(gap(model, selection.groups()));
            }
        }
        if (charts.isEmpty()) {
            return answer.blocks();
        }
        int columns = charts.size();
        charts.addAll(gaps);
        return answer.show(table(all))
                .show(new Figure("depth", "Depth, with AdamW: validation perplexity over epochs, on a "
                        + "logarithmic axis of each chart's own, and the gap, validation over train perplexity of the same epoch: "
                        + "1 is no gap, and the more above 1, the more of the training text is known by heart."
                        + curves.clippedSentence(),
                        "Validation perplexity and gap over epochs by depth; the table above gives "
                                + "the numbers.",
                        columns, charts))
                .blocks();
    }

    private static String sentence(RunGroup group) {
        return group.label() + ", " + Formats.counted(group.settings().layers().orElseThrow(), "layer") + ": lowest "
                + Formats.statistic(group.bestValidation(), Formats::perplexity) + " after epoch "
                + Descriptions.bestEpochs(group)
                + turn(group) + ", train " + Formats.statistic(group.lastTrain(), Formats::perplexity)
                + " at the end, gap " + Formats.ratio(gap(group), 1) + ".";
    }

    private static String turn(RunGroup group) {
        Statistic best = group.bestValidation().orElseThrow();
        Statistic last = group.lastValidation().orElseThrow();
        if (standsStill(group)) {
            return ", with hardly a change over the second half of its epochs";
        }
        return group.bestEpochs().equals(List.of(group.validatedEpochs()))
                ? ", its last, so validation has not turned yet"
                : ", where validation turns: " + Formats.perplexity(last.mean()) + " ("
                        + Formats.difference(last.mean(), best.mean()) + ") after epoch "
                        + Formats.epoch(group.validatedEpochs());
    }

    private static boolean standsStill(RunGroup group) {
        List<RunGroup.CurvePoint> curve = group.curve();
        Statistic last = group.lastValidation().orElseThrow();
        return curve.size() > 2 && last.mean() > UNIGRAM && curve.get(curve.size() / 2).validation()
                .filter(middle -> Math.abs(middle.mean() / last.mean() - 1) < STANDSTILL).isPresent();
    }

    private static double gap(RunGroup group) {
        return group.lastValidation().orElseThrow().mean() / group.lastTrain().orElseThrow().mean();
    }

    private static String interpretation(List<RunGroup> groups) {
        RunGroup shallow = groups.getFirst();
        RunGroup best = Best.byValidation(groups).orElseThrow();
        RunGroup deep = groups.getLast();
        Comparison comparison = new Comparison(shallow.bestValidation().orElseThrow(),
                deep.bestValidation().orElseThrow());
        Statistic worst = groups.stream().map(group -> group.bestValidation().orElseThrow())
                .max(Comparator.comparingDouble(Statistic::mean)).orElseThrow();
        boolean alike = new Comparison(best.bestValidation().orElseThrow(), worst)
                .verdict() == Comparison.Verdict.EQUAL;
        String depth = alike
                ? "Depth makes no difference to speak of here."
                : best.equals(shallow)
                        ? "More layers do not help here: " + shallow.label() + " has the lowest perplexity."
                        : best.equals(deep)
                                ? "Depth pays here: " + deep.label() + ", the deepest, has the lowest perplexity."
                                : "Some depth helps and more does not: " + best.label() + " has the lowest perplexity.";
        List<String> still = groups.stream().filter(Depth::standsStill)
                .filter(group -> group.settings().value("warmup-steps").map(JsonNode::asLong).orElse(0L) == 0)
                .map(RunGroup::label).toList();
        return depth + " From " + shallow.label() + " to " + deep.label() + " it is "
                + comparison.text(Formats::perplexity) + "." + (still.isEmpty()
                        ? ""
                        : " " + Formats.enumeration(still)
                                + " never left the plateau on which a model knows how often words "
                                + "occur and little more; layer normalisation after the residual sum is known to need a "
                                + "warm-up of the learning rate (--warmup-steps), which is not used there.");
    }

    private static Table table(List<RunGroup> groups) {
        List<List<Cell>> rows = new ArrayList<>();
        for (RunGroup group : groups) {
            rows.add(List.of(Descriptions.marked(group), Formats.model(group.model()), Descriptions.layers(group),
                    Formats.statistic(group.lastTrain(), Formats::perplexity),
                    Formats.statistic(group.lastValidation(), Formats::perplexity), Formats.ratio(gap(group), 1),
                    Formats.statistic(group.bestValidation(), Formats::perplexity), Descriptions.bestEpochs(group))
                    .stream()
                    .map(Cell::of).toList());
        }
        return new Table("depth", "Depth with AdamW.",
                Descriptions.terms(groups,
                        new Term("train", "perplexity of the last completed epoch, or of what was read of the first"),
                        new Term("validation", "perplexity after it"), new Term("gap", "validation over train"),
                        new Term("lowest", "the lowest validation perplexity after any epoch"),
                        new Term("turns after", "the epoch of the lowest; the last one where it has not turned")),
                List.of(Column.words("run"), Column.words("model"), Column.numbers("layers"), Column.numbers("train"),
                        Column.numbers("validation"), Column.numbers("gap"), Column.numbers("lowest"),
                        Column.numbers("turns after")),
                rows);
    }

    private static Chart gap(ModelKind model, List<RunGroup> groups) {
        List<Chart.Line> lines = new ArrayList<>();
        for (RunGroup group : groups) {
            List<Chart.Point> points = group.curve().stream()
                    .filter(point -> point.train().isPresent() && point.validation().isPresent())
                    .map(point -> Chart.Point.of(point.epoch(),
                            point.validation().get().mean() / point.train().get().mean()))
                    .toList();
            lines.add(new Chart.Line(Descriptions.titled(group), lines.size(), Chart.Stroke.SOLID, points));
        }
        return new Chart.Lines(Formats.model(model) + ", gap", Curves.epochs(groups),
                new Chart.Axis("validation / train", Chart.Scale.LINEAR), lines);
    }
}
