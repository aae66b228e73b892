package dev.culebra.experiments.report.content;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.culebra.experiments.report.document.Block;
import dev.culebra.experiments.report.document.Block.Heading;
import dev.culebra.experiments.report.document.Block.Paragraph;
import dev.culebra.experiments.report.document.Chart;
import dev.culebra.experiments.report.document.Figure;
import dev.culebra.experiments.report.document.Table;
import dev.culebra.experiments.report.document.Table.Cell;
import dev.culebra.experiments.report.document.Table.Column;
import dev.culebra.experiments.report.document.Table.Term;
import dev.culebra.experiments.report.runs.RecordedRun;
import dev.culebra.experiments.report.runs.RunGroup;
import dev.culebra.experiments.report.runs.Study;
import dev.culebra.experiments.run.Event;
import dev.culebra.experiments.run.Statistic;
import dev.culebra.experiments.study.ModelKind;

/** Train and validation results: a table, and learning curves of every run. */
final class Results {
    private static final int CHARTS_IN_A_ROW = 3;

    private Results() {}

    static List<Block> of(Study study) {
        List<Block> blocks = new ArrayList<>(List.of(new Heading(2, "Results")));
        List<RunGroup> measured = study.groups().stream().filter(group -> !group.curve().isEmpty()).toList();
        if (measured.isEmpty()) {
            blocks.add(Paragraph.of("No run was validated, so there is no validation perplexity yet."));
        } else {
            blocks.add(table(study));
            for (ModelKind model : ModelKind.values()) {
                List<RunGroup> groups = measured.stream().filter(group -> group.model() == model).toList();
                if (!groups.isEmpty()) {
                    blocks.add(curves(model, groups, Curves.overEpochs(), "epochs", "over epochs"));
                }
            }
            for (ModelKind model : ModelKind.values()) {
                List<RunGroup> groups = measured.stream().filter(group -> group.model() == model).toList();
                if (!groups.isEmpty()) {
                    blocks.add(curves(model, groups, Curves.overTime(groups), "time", "over wall-clock time"));
                }
            }
        }
        List<RunGroup> withoutEpoch = study.groups().stream().filter(group -> group.curve().isEmpty()).toList();
        if (!withoutEpoch.isEmpty()) {
            blocks.addAll(steps(withoutEpoch));
        }
        return blocks;
    }

    private static Table table(Study study) {
        List<Column> columns = new ArrayList<>(List.of(Column.words("run"), Column.words("model"),
                Column.numbers("layers"), Column.words("optimiser"), Column.numbers("epochs"),
                Column.numbers("train"), Column.numbers("validation, best"), Column.numbers("at epoch"),
                Column.numbers("validation, last"), Column.numbers("test")));
        if (study.hasRepetitions()) {
            columns.add(5, Column.numbers("n"));
        }
        Marks train = Marks.lowest(study, RunGroup::lastTrain);
        Marks best = Marks.lowest(study, RunGroup::bestValidation);
        Marks last = Marks.lowest(study, RunGroup::lastValidation);
        Marks test = Marks.lowest(study, RunGroup::test);
        List<List<Cell>> rows = new ArrayList<>();
        for (RunGroup group : study.groups()) {
            List<Cell> row = new ArrayList<>(List.of(Cell.of(Descriptions.marked(group)),
                    Cell.of(Formats.model(group.model())), Cell.of(Descriptions.layers(group)),
                    Cell.of(Formats.optimizer(group.settings().optimizer())),
                    Cell.of(Formats.epoch(group.validatedEpochs())),
                    train.lastCell(group, point -> point.train().perplexity()),
                    best.cell(group, Formats::perplexity), Cell.of(Descriptions.bestEpochs(group)),
                    last.lastCell(group, point -> point.validation().perplexity()),
                    test.cell(group, Formats::perplexity)));
            if (study.hasRepetitions()) {
                row.add(5, Cell.of(String.valueOf(group.counted().size())));
            }
            rows.add(row);
        }
        return new Table("results",
                "Perplexities by architecture, layers and optimiser, lower is better: exp of the mean "
                        + "negative log-likelihood, in nats, over all tokens of a split, padding left out. Bold: the lowest of its "
                        + "architecture.",
                Descriptions.terms(study.groups(),
                        new Term("epochs", "completed ones, or the part of the first that was read"),
                        new Term("n", "how many runs these numbers are over, each with another seed"),
                        new Term("train",
                                "of the last epoch, or of what was read of it, each batch measured before its update"),
                        new Term("validation, best", "the lowest"),
                        new Term("at epoch", "after which that was"),
                        new Term("validation, last", "at the end of those epochs"),
                        new Term("test", "at the end of the run")).stream()
                        .filter(term -> !term.name().equals("n") || study.hasRepetitions()).toList(),
                columns, rows);
    }

    private static Figure curves(ModelKind model, List<RunGroup> groups, Curves curves, String id, String over) {
        List<Chart> charts = new ArrayList<>();
        groups.forEach(group -> charts.add(curves.chart(group)));
        boolean repeated = groups.stream().anyMatch(group -> group.runs().size() > 1);
        return new Figure("curves-" + id + "-" + model,
                "Learning curves " + over + ", " + Formats.model(model)
                        + ". Dashed: train perplexity, the mean of the epoch so far "
                        + "while the weights change. Solid: validation perplexity at that point. Perplexity on a "
                        + "logarithmic axis of each chart's own."
                        + (id.equals("time") ? " Time: training alone, evaluations left out." : "")
                        + (repeated ? " Of repeated runs the mean, with a band of one standard deviation." : "")
                        + curves.clippedSentence(),
                "Learning curves " + over + " of " + Formats.enumeration(groups.stream().map(Results::inWords).toList())
                        + ".",
                Math.min(CHARTS_IN_A_ROW, charts.size()), charts);
    }

    private static String inWords(RunGroup group) {
        Optional<Statistic> first = group.curve().getFirst().validation();
        return group.label() + " (validation from " + Formats.statistic(first, Formats::perplexity) + " to "
                + Formats.statistic(group.lastValidation(), Formats::perplexity) + ", lowest "
                + Formats.statistic(group.bestValidation(), Formats::perplexity) + ")";
    }

    /** Runs that ended before their first epoch did: what their logged steps tell. */
    private static List<Block> steps(List<RunGroup> groups) {
        List<List<Cell>> rows = new ArrayList<>();
        List<Chart.Line> lines = new ArrayList<>();
        for (RunGroup group : groups) {
            List<Event.Step> steps = group.runs().getFirst().steps();
            List<String> texts = new ArrayList<>(List.of(Descriptions.marked(group), Formats.model(group.model()),
                    Descriptions.layers(group), Formats.optimizer(group.settings().optimizer()),
                    String.valueOf(group.runs().getFirst().stepsMade())));
            for (Optional<Event.Step> step : List.of(steps.stream().findFirst(),
                    steps.stream().reduce((_, last) -> last))) {
                texts.add(step.map(at -> String.valueOf(at.step())).orElse(Formats.NONE));
                texts.add(step.map(at -> Formats.perplexity(Math.exp(at.loss()))).orElse(Formats.NONE));
            }
            rows.add(texts.stream().map(Cell::of).toList());
            List<Chart.Point> points = steps.stream().filter(step -> Double.isFinite(step.loss()))
                    .map(step -> Chart.Point.of(step.step(), Math.min(Curves.LIMIT, Math.exp(step.loss()))))
                    .toList();
            if (!points.isEmpty()) {
                lines.add(new Chart.Line(group.label(), lines.size(), Chart.Stroke.SOLID, points));
            }
        }
        Table table = new Table("steps",
                "Runs without a validation: exp(loss) of single training batches before their "
                        + "update, which scatters and is no measure of a model.",
                Descriptions.terms(groups, new Term("first", "the first logged step, with its perplexity"),
                        new Term("last", "the last one, in the same way")),
                List.of(Column.words("run"), Column.words("model"), Column.numbers("layers"), Column.words("optimiser"),
                        Column.numbers("steps"), Column.numbers("first"), Column.numbers("its perplexity"),
                        Column.numbers("last"), Column.numbers("its perplexity")),
                rows);
        return Stream.concat(Stream.of(new Heading(3, "Runs without a validation"), table),
                figure(lines)).toList();
    }

    private static Stream<Block> figure(List<Chart.Line> lines) {
        if (lines.isEmpty()) {
            return Stream.empty();
        }
        List<Chart> charts = new ArrayList<>();
        for (int from = 0; from < lines.size(); from += 4) {
            List<Chart.Line> some = lines.subList(from, Math.min(from + 4, lines.size()));
            charts.add(new Chart.Lines(Formats.enumeration(some.stream().map(Chart.Line::name).toList()),
                    new Chart.Axis("step", Chart.Scale.WHOLE),
                    new Chart.Axis("batch perplexity", Chart.Scale.LOGARITHMIC),
                    some));
        }
        return Stream.of(new Figure("steps",
                "Perplexity exp(loss) of single training batches before their update, over the "
                        + "logged steps of runs without a validation, on a logarithmic axis."
                        + (lines.stream().flatMap(line -> line.points().stream())
                                .anyMatch(point -> point.y() == Curves.LIMIT) ? Curves.AT_LIMIT : ""),
                "Batch perplexities over steps of " + Formats.enumeration(lines.stream().map(Chart.Line::name).toList())
                        + ".",
                Math.min(CHARTS_IN_A_ROW, charts.size()), charts));
    }
}
