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
import dev.culebra.experiments.report.runs.Study;
import dev.culebra.experiments.run.Statistic;
import dev.culebra.experiments.study.ModelKind;

/** What do more layers do, and where does overfitting begin? */
final class Depth {
    /** A run that moves less than this share over the second half of its epochs stands still, */
    private static final double STANDSTILL = 0.03;
    /** and is on a plateau if even its lowest perplexity is more than so many times the lowest of all runs. */
    private static final double PLATEAU = 2;

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
            answer.list(Stream.concat(selection.groups().stream().map(group -> sentence(study, group)),
                    selection.remarks()).toList());
            if (selection.groups().size() > 1) {
                answer.conclusion(selection.groups(), conclusion(selection.groups())
                        + plateau(study, model, selection.groups()));
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
                        + "logarithmic axis of each chart's own, and the gap, validation over train perplexity of the same epoch. "
                        + "Train perplexity is a mean over an epoch's batches as the model gets better, so at first the gap is "
                        + "below 1; what lies above 1 is known of the training text alone."
                        + curves.clippedSentence(),
                        "Validation perplexity and gap over epochs by depth; the table above gives "
                                + "the numbers.",
                        columns, charts))
                .blocks();
    }

    private static String sentence(Study study, RunGroup group) {
        return group.label() + ", " + Formats.counted(group.settings().layers().orElseThrow(), "layer") + ": lowest "
                + Formats.statistic(group.bestValidation(), Formats::perplexity) + " " + Descriptions.whenBest(group)
                + turn(study, group) + ", train " + Formats.statistic(group.lastTrain(), Formats::perplexity)
                + " at the end, gap " + Formats.ratio(group.gap(), 1) + ".";
    }

    private static String turn(Study study, RunGroup group) {
        Statistic best = group.bestValidation().orElseThrow();
        Statistic last = group.lastValidation().orElseThrow();
        if (!Answer.isLongEnough(group)) {
            return "";
        }
        if (isOnPlateau(study, group)) {
            return ", with hardly a change over the second half of its epochs";
        }
        return group.bestEpochs().equals(List.of(group.validatedEpochs()))
                ? ", its last, so validation has not turned yet"
                : ", where validation turns: " + Formats.perplexity(last.mean()) + " ("
                        + Formats.difference(last.mean(), best.mean()) + ") after epoch "
                        + Formats.epoch(group.validatedEpochs());
    }

    private static boolean isOnPlateau(Study study, RunGroup group) {
        List<RunGroup.CurvePoint> curve = group.curve();
        double middle = curve.get(curve.size() / 2).validation().orElseThrow().mean();
        return Math.abs(middle / group.lastValidation().orElseThrow().mean() - 1) < STANDSTILL
                && aboveLowest(study, group) > PLATEAU;
    }

    /** How many times the lowest perplexity of all runs a group's lowest is. */
    private static double aboveLowest(Study study, RunGroup group) {
        return group.bestValidation().orElseThrow().mean()
                / Best.byValidation(study.sound()).orElseThrow().bestValidation().orElseThrow().mean();
    }

    private static String conclusion(List<RunGroup> groups) {
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
        return depth + " From " + shallow.label() + " to " + deep.label() + " it is "
                + comparison.text(Formats::perplexity) + ".";
    }

    private static String plateau(Study study, ModelKind model, List<RunGroup> groups) {
        List<RunGroup> there = groups.stream().filter(group -> isOnPlateau(study, group)).toList();
        if (there.isEmpty()) {
            return "";
        }
        boolean withoutWarmup = there.stream()
                .allMatch(group -> group.settings().value("warmup-steps").map(JsonNode::asLong).orElse(0L) == 0);
        return " Hardly a change over the second half of its epochs, at "
                + Formats.enumeration(there.stream()
                        .map(group -> Formats.ratio(aboveLowest(study, group), 1)
                                + " times the lowest perplexity of all runs (" + group.label() + ")")
                        .toList())
                + ", is a plateau, such as that of a model that knows how often words occur and little more."
                + (model == ModelKind.GPT1 && withoutWarmup
                        ? " Layer normalisation after the residual sum is known to need a warm-up of the learning rate "
                                + "(--warmup-steps), which is not used there."
                        : "");
    }

    private static Table table(List<RunGroup> groups) {
        List<List<Cell>> rows = new ArrayList<>();
        for (RunGroup group : groups) {
            rows.add(List.of(Descriptions.marked(group), Formats.model(group.model()), Descriptions.layers(group),
                    Formats.statistic(group.lastTrain(), Formats::perplexity),
                    Formats.statistic(group.lastValidation(), Formats::perplexity), Formats.ratio(group.gap(), 1),
                    Formats.statistic(group.bestValidation(), Formats::perplexity), Descriptions.bestEpochs(group))
                    .stream()
                    .map(Cell::of).toList());
        }
        return new Table("depth", "Depth with AdamW.",
                Descriptions.terms(groups,
                        new Term("train", "perplexity of the last completed epoch, or of what was read of the first"),
                        new Term("validation", "perplexity after it"), new Term("gap", "validation over train"),
                        new Term("lowest", "the lowest validation perplexity"),
                        new Term("at epoch",
                                "after which that was; validation turns there, if it is not the last")),
                List.of(Column.words("run"), Column.words("model"), Column.numbers("layers"), Column.numbers("train"),
                        Column.numbers("validation"), Column.numbers("gap"), Column.numbers("lowest"),
                        Column.numbers("at epoch")),
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
