package dev.culebra.experiments.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
        run.best().ifPresent(best -> lines.add("Best validation perplexity "
                + Numbers.perplexity(best.validation().perplexity()) + " after epoch " + best.epoch()
                + (isCutShort(run)
                        ? ""
                        : test(run).map(test -> "; " + test + " after epoch "
                                + run.epochs().getLast().epoch()).orElse(""))
                + "."));
        if (isCutShort(run)) {
            run.lastStep().ifPresent(step -> lines.add(cutShort(run, step)));
        }
        return lines;
    }

    private static Optional<String> test(RunSummary run) {
        return run.test().map(test -> "test perplexity " + Numbers.perplexity(test.perplexity()));
    }

    private static boolean isCutShort(RunSummary run) {
        return run.lastStep().filter(step -> run.epochs().size() < step.epoch()).isPresent();
    }

    private static String cutShort(RunSummary run, Event.Step step) {
        String loss = "Loss " + Numbers.loss(step.loss()) + " at step " + step.step() + ". Epoch " + step.epoch()
                + " was cut short, ";
        return run.validations().isEmpty() || run.validations().getLast().step() < step.step()
                ? loss + "so it is not evaluated: 'evaluate' does that for its checkpoint, --validate-every for a run."
                : loss + "with a validation perplexity of "
                        + Numbers.perplexity(run.validations().getLast().validation().perplexity())
                        + test(run).map(test -> " and a " + test).orElse("") + ".";
    }

    /** A row of the study's table. */
    public record StudyRow(Configuration configuration, RunSummary run) {}

    /** The results of several runs, a row for each. */
    public static List<String> of(List<StudyRow> rows) {
        TextTable table = new TextTable("run", "model", "layers", "optimizer", "best validation perplexity", "epoch",
                "test perplexity");
        for (StudyRow row : rows) {
            Configuration configuration = row.configuration();
            table.row(configuration.name(), configuration.model().kind().toString(),
                    configuration.model().layers().isPresent()
                            ? String.valueOf(configuration.model().layers().getAsInt())
                            : "-",
                    configuration.optimization().optimizer().toString(),
                    row.run().best().map(best -> Numbers.perplexity(best.validation().perplexity())).orElse("-"),
                    row.run().best().map(best -> String.valueOf(best.epoch())).orElse("-"),
                    row.run().test().map(test -> Numbers.perplexity(test.perplexity())).orElse("-"));
        }
        return table.lines();
    }
}
