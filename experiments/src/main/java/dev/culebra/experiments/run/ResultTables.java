package dev.culebra.experiments.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

import dev.culebra.experiments.study.Configuration;

/** The tables that runs end with. */
public final class ResultTables {
    private ResultTables() {}

    /** A run's perplexities, epoch by epoch, and what they come to. */
    public static List<String> of(RunSummary run) {
        List<String> lines = new ArrayList<>();
        if (!run.epochs().isEmpty()) {
            TextTable table = new TextTable("epoch", "train perplexity", "validation perplexity", "time");
            for (Event.Epoch epoch : run.epochs()) {
                table.row(String.valueOf(epoch.epoch()), Numbers.perplexity(epoch.train().perplexity()),
                        Numbers.perplexity(epoch.validation().perplexity()), Durations.of(epoch.seconds()));
            }
            lines.addAll(table.lines());
        }
        lines.addAll(run.sentences());
        return lines;
    }

    /**
     * A row of the study's table.
     *
     * @param label the run's name there
     * @param configuration the run's; those of one name differ in their seeds alone
     * @param run what came of it
     * @param finished whether it reached its end
     */
    public record StudyRow(String label, Configuration configuration, RunSummary run, boolean finished) {}

    /**
     * The results of several runs, a row for each; and after those that differ in their seeds alone a row with their mean and
     * sample standard deviation, over the ones that are finished.
     */
    public static List<String> of(List<StudyRow> rows) {
        TextTable table = new TextTable("run", "model", "layers", "optimizer", "best validation perplexity", "epoch",
                "test perplexity");
        rows.stream().collect(Collectors.groupingBy(row -> row.configuration().name(), LinkedHashMap::new,
                Collectors.toList())).values().forEach(seeds -> {
                    seeds.forEach(row -> add(table, row.configuration(), row.label(),
                            row.run().best().map(Event.Epoch::validation).or(row.run()::last)
                                    .map(best -> Numbers.perplexity(best.perplexity())),
                            row.run().best().map(best -> String.valueOf(best.epoch()))
                                    .or(() -> row.run().last().map(_ -> "<1")),
                            row.run().test().map(test -> Numbers.perplexity(test.perplexity()))));
                    if (seeds.size() > 1) {
                        addSpread(table, seeds);
                    }
                });
        return table.lines();
    }

    private static void addSpread(TextTable table, List<StudyRow> seeds) {
        List<RunSummary> finished = seeds.stream().filter(StudyRow::finished).map(StudyRow::run).toList();
        Configuration configuration = seeds.getFirst().configuration();
        add(table, configuration,
                configuration.name() + ", " + (finished.size() < seeds.size() ? finished.size() + " of " : "")
                        + seeds.size() + " seeds",
                spread(finished.stream().flatMap(run -> run.best().stream())
                        .mapToDouble(best -> best.validation().perplexity()).toArray()),
                Optional.empty(),
                spread(finished.stream().flatMap(run -> run.test().stream()).mapToDouble(Measurement::perplexity)
                        .toArray()));
    }

    /** Mean and sample standard deviation; nothing for fewer than two values, which have none. */
    private static Optional<String> spread(double[] values) {
        if (values.length < 2) {
            return Optional.empty();
        }
        Statistic statistic = Statistic.ofAll(values);
        return Optional.of(Numbers.perplexity(statistic.mean(), statistic.deviation()));
    }

    private static void add(TextTable table, Configuration configuration, String label, Optional<String> best,
            Optional<String> epoch, Optional<String> test) {
        OptionalInt layers = configuration.model().layers();
        table.row(label, configuration.model().kind().toString(),
                layers.isPresent() ? String.valueOf(layers.getAsInt()) : "-",
                configuration.optimization().optimizer().toString(), best.orElse("-"), epoch.orElse("-"),
                test.orElse("-"));
    }
}
