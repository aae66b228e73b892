package dev.culebra.experiments.report.content;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.culebra.experiments.report.document.Block;
import dev.culebra.experiments.report.document.Block.Heading;
import dev.culebra.experiments.report.document.Table;
import dev.culebra.experiments.report.document.Table.Cell;
import dev.culebra.experiments.report.document.Table.Column;
import dev.culebra.experiments.report.document.Table.Term;
import dev.culebra.experiments.report.runs.RunGroup;
import dev.culebra.experiments.report.runs.Study;

/** What the runs took: time, and memory of the device and of the host. */
final class Costs {
    private Costs() {}

    static List<Block> of(Study study) {
        return List.of(new Heading(2, "Time and memory"), time(study), memory(study));
    }

    private static List<Cell> name(RunGroup group) {
        return new ArrayList<>(List.of(Cell.of(Descriptions.marked(group)), Cell.of(Formats.model(group.model())),
                Cell.of(Descriptions.layers(group)), Cell.of(Formats.optimizer(group.settings().optimizer()))));
    }

    private static List<Column> columns(Column... more) {
        List<Column> columns = new ArrayList<>(List.of(Column.words("run"), Column.words("model"),
                Column.numbers("layers"), Column.words("optimiser")));
        columns.addAll(List.of(more));
        return columns;
    }

    private static Table time(Study study) {
        Marks perEpoch = Marks.lowest(study, RunGroup::secondsPerEpoch);
        List<List<Cell>> rows = new ArrayList<>();
        for (RunGroup group : study.groups()) {
            List<Cell> row = name(group);
            row.add(perEpoch.cell(group, Formats::seconds));
            row.add(Cell.of(Formats.statistic(group.secondsToBest(), Formats::seconds)));
            row.add(Cell.of(Formats.statistic(group.trainingSeconds(), Formats::seconds)));
            row.add(Cell.of(Formats.statistic(group.tokensPerSecond(), Formats::count)));
            row.add(Cell.of(group.experiment().flatMap(Published::of)
                    .map(published -> String.valueOf(published.secondsPerEpoch())).orElse(Formats.NONE)));
            rows.add(row);
        }
        return new Table("time",
                "Wall-clock time of training in seconds, evaluations left out. Bold: the shortest epoch of its "
                        + "architecture.",
                Descriptions.terms(study.groups(),
                        new Term("an epoch",
                                "the mean from the second epoch on, or the first where it is the only one; where none is "
                                        + "complete, reckoned from the logged steps from the second on"),
                        new Term("to the best", "until the lowest validation perplexity"),
                        new Term("all",
                                "of all completed epochs, or of the part of the first until its last validation"),
                        new Term("tokens/s",
                                "training tokens a second in the same epochs or steps as the first column"),
                        new Term("published", "an epoch of the same run in the first published write-up, on an 8 GB "
                                + "GeForce of 2021")),
                columns(Column.numbers("an epoch"), Column.numbers("to the best"), Column.numbers("all"),
                        Column.numbers("tokens/s"), Column.numbers("published")),
                rows);
    }

    private static Table memory(Study study) {
        Marks mean = Marks.lowest(study, RunGroup::meanDeviceMemory);
        Marks peak = Marks.lowest(study, RunGroup::peakDeviceMemory);
        Marks host = Marks.lowest(study, RunGroup::hostMemory);
        List<List<Cell>> rows = new ArrayList<>();
        for (RunGroup group : study.groups()) {
            List<Cell> row = name(group);
            row.add(mean.cell(group, Formats::gigabytes));
            row.add(peak.cell(group, Formats::gigabytes));
            row.add(host.cell(group, Formats::gigabytes));
            row.add(Cell.of(group.memoryPlan().map(plan -> Formats.gigabytes(plan.total())).orElse(Formats.NONE)));
            rows.add(row);
        }
        return new Table("memory",
                "Memory in GB (1 GB: 1,000,000,000 bytes). On a CPU the device is the host, and in runs without a complete "
                        + "epoch it is not sampled, which a dash says. Bold: the lowest of its architecture.",
                Descriptions.terms(study.groups(),
                        new Term("device, mean and peak",
                                "the device's memory in steady state, sampled every second from "
                                        + "the second epoch on" + source(study)),
                        new Term("host",
                                "the most that the process had on the host up to the end of the run, which earlier runs of "
                                        + "the same command raise"),
                        new Term("planned",
                                "what the program itself asked the device for: weights, gradients, optimiser "
                                        + "state, activations and workspace together")),
                columns(Column.numbers("device, mean"), Column.numbers("device, peak"), Column.numbers("host"),
                        Column.numbers("planned")),
                rows);
    }

    private static String source(Study study) {
        TreeSet<String> sources = study.runs().stream().flatMap(run -> run.deviceMemory().stream())
                .map(memory -> memory.source()).collect(Collectors.toCollection(TreeSet::new));
        boolean firstEpoch = study.runs().stream()
                .anyMatch(run -> run.deviceMemory().isPresent() && run.epochs().size() == 1);
        return (firstEpoch ? " (of a run with one epoch: in that one)" : "")
                + Optional.of(sources).filter(some -> !some.isEmpty())
                        .map(some -> "; source: " + String.join("; ", some)).orElse("");
    }
}
