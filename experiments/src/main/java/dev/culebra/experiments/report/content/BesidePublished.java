package dev.culebra.experiments.report.content;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
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
import dev.culebra.experiments.report.runs.RunGroup;
import dev.culebra.experiments.report.runs.Study;
import dev.culebra.experiments.run.Statistic;

/** The published results of the same runs, beside ours. */
final class BesidePublished {
    private BesidePublished() {}

    static List<Block> of(Study study) {
        List<Block> blocks = new ArrayList<>(List.of(new Heading(2, "Beside the published results")));
        List<Published> there = study.groups().stream().filter(RunGroup::isMeasured)
                .flatMap(group -> group.experiment().stream())
                .flatMap(experiment -> Published.of(experiment).stream()).toList();
        if (there.isEmpty()) {
            blocks.add(Paragraph
                    .of("None of the study's twelve runs was validated here, so there is nothing to set "
                            + "beside the published results."));
            return blocks;
        }
        blocks.add(Paragraph
                .of("Two write-ups of the same twelve runs were published (PyTorch 1.10, 2021, an 8 GB GeForce). They "
                        + "used the original GPT-1 embeddings, frozen. Embeddings here: " + Descriptions.facts(
                                there.stream().map(published -> study.experiment(published.run()).orElseThrow())
                                        .toList(),
                                Descriptions::embeddings)
                        + ". With other embeddings the levels move; the order of the runs and the shapes of their curves should not."));
        if (Overview.isBuiltIn(study)) {
            blocks.add(Paragraph
                    .notice("The published runs read WikiText-2, runs here another text: the differences below say "
                            + "nothing."));
        }
        List<RunGroup> groups = there.stream().map(published -> study.experiment(published.run()).orElseThrow())
                .toList();
        List<String> unlike = Stream.concat(
                unlike(groups, Overview::isShortened, "made fewer than 10 epochs"),
                unlike(groups, group -> !group.settings().departures().isEmpty(), "had other settings")).toList();
        if (!unlike.isEmpty()) {
            blocks.add(Paragraph.notice("Unlike the published runs, " + String.join(", and ", unlike)
                    + ": the differences tell of that before anything else."));
        }
        blocks.add(table(study, there));
        blocks.add(figure(study, there));
        return blocks;
    }

    private static Stream<String> unlike(List<RunGroup> groups, Predicate<RunGroup> is, String what) {
        List<String> labels = groups.stream().filter(is).map(RunGroup::label).toList();
        return labels.isEmpty()
                ? Stream.empty()
                : Stream.of(
                        (labels.size() == groups.size() ? "all of these" : Formats.enumeration(labels)) + " " + what);
    }

    private static Table table(Study study, List<Published> there) {
        List<List<Cell>> rows = new ArrayList<>();
        for (Published published : there) {
            RunGroup group = study.experiment(published.run()).orElseThrow();
            Optional<Statistic> validation = group.bestValidation();
            rows.add(List.of(Descriptions.marked(group), Formats.statistic(validation, Formats::perplexity),
                    perplexity(published.first().validation()),
                    difference(validation, published.first().validation()), perplexity(published.second().validation()),
                    difference(validation, published.second().validation()),
                    Formats.statistic(group.test(), Formats::perplexity), perplexity(published.first().test()),
                    difference(group.test(), published.first().test()), perplexity(published.second().test()),
                    difference(group.test(), published.second().test()), published.remark()).stream().map(Cell::of)
                    .toList());
        }
        return new Table("published",
                "Ours beside the first and the second published write-up. Theirs divided by padded "
                        + "positions too and are converted here to a mean over real tokens alone (log perplexity divided by 0.99709 "
                        + "for validation and by 0.98726 for test).",
                Descriptions.terms(there.stream().map(published -> study.experiment(published.run()).orElseThrow())
                        .toList(),
                        new Term("validation", "our lowest validation perplexity, followed by theirs"),
                        new Term("test",
                                "our test perplexity at the end of the run, followed by theirs after epoch 10"),
                        new Term("\u0394", "how far ours is from the one to its left, in percent of that one")),
                List.of(Column.words("run"), Column.numbers("validation"), Column.numbers("first"),
                        Column.numbers("\u0394"),
                        Column.numbers("second"), Column.numbers("\u0394"), Column.numbers("test"),
                        Column.numbers("first"),
                        Column.numbers("\u0394"), Column.numbers("second"), Column.numbers("\u0394"),
                        Column.words("remark")),
                rows);
    }

    /** With as many digits as were published. */
    private static String perplexity(double value) {
        return value < 200 ? Formats.perplexity(value) : Formats.count(value);
    }

    private static String difference(Optional<Statistic> ours, double theirs) {
        return ours.map(value -> Formats.difference(value.mean(), theirs)).orElse(Formats.NONE);
    }

    private static Figure figure(Study study, List<Published> there) {
        List<RunGroup> groups = there.stream().map(published -> study.experiment(published.run()).orElseThrow())
                .toList();
        List<Integer> rows = IntStream.range(0, there.size()).boxed().toList();
        List<Chart.DotSet> dots = List.of(
                new Chart.DotSet("published, first", 1, true, rows.stream()
                        .map(row -> Chart.Dot.of(row, there.get(row).first().validation())).toList()),
                new Chart.DotSet("published, second", 2, true, rows.stream()
                        .map(row -> Chart.Dot.of(row, there.get(row).second().validation())).toList()),
                new Chart.DotSet("here", 0, false, rows.stream().map(row -> {
                    Statistic ours = groups.get(row).bestValidation().orElseThrow();
                    double value = Math.min(Curves.LIMIT, ours.mean());
                    return new Chart.Dot(row, value, Math.max(1, value - ours.deviation()), value + ours.deviation());
                }).toList()));
        return new Figure(
                "published", "Lowest validation perplexity of each run, here and as published, on a logarithmic axis."
                        + (study.hasRepetitions()
                                ? " Of repeated runs the mean, with a line of one standard deviation."
                                : "")
                        + (groups.stream().anyMatch(group -> group.bestValidation().orElseThrow().mean() > Curves.LIMIT)
                                ? Curves.AT_LIMIT
                                : ""),
                "Lowest validation perplexities here and as published; the table above gives the numbers.", 1,
                List.of(new Chart.Dots("Lowest validation perplexity",
                        new Chart.Axis("perplexity", Chart.Scale.LOGARITHMIC),
                        groups.stream().map(group -> Descriptions.titled(group).replace(": ",
                                ": " + Formats.model(group.model()) + ", ")).toList(),
                        dots)));
    }
}
