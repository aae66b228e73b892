package dev.culebra.experiments.report.content;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import dev.culebra.experiments.report.document.Block;
import dev.culebra.experiments.report.document.Block.Bullets;
import dev.culebra.experiments.report.document.Block.Heading;
import dev.culebra.experiments.report.document.Block.Paragraph;
import dev.culebra.experiments.report.document.Table;
import dev.culebra.experiments.report.document.Table.Cell;
import dev.culebra.experiments.report.document.Table.Column;
import dev.culebra.experiments.report.document.Table.Term;
import dev.culebra.experiments.report.runs.RecordedRun;
import dev.culebra.experiments.report.runs.RunGroup;
import dev.culebra.experiments.report.runs.Study;
import dev.culebra.experiments.study.Experiment;

/** Every run folder, what it holds, and which are left out. */
final class RunList {
    private RunList() {}

    static List<Block> of(Study study) {
        List<Block> blocks = new ArrayList<>(List.of(new Heading(2, "The runs, one by one")));
        List<List<Cell>> rows = new ArrayList<>();
        for (RunGroup group : study.groups()) {
            for (RecordedRun run : group.runs()) {
                rows.add(List.of(run.folder(), group.label(), run.state().name().toLowerCase(Locale.ROOT),
                        run.epochs().size() + " of " + run.settings().epochs(),
                        Formats.count(run.stepsMade()) + " of " + Formats.count(run.totalSteps()),
                        Descriptions.device(run),
                        run.settings().seed(), Descriptions.departures(run.settings())).stream().map(Cell::of)
                        .toList());
            }
        }
        blocks.add(new Table("runs", "Every run folder.",
                List.of(new Term("run",
                        "its name in this report; runs that differ in nothing but their seed share one"),
                        new Term("other settings",
                                "where a run departs from the study's settings for its model, depth and "
                                        + "optimiser")),
                List.of(Column.words("folder"), Column.words("run"), Column.words("state"), Column.numbers("epochs"),
                        Column.numbers("steps"), Column.words("device"), Column.numbers("seed"),
                        Column.words("other settings")),
                rows));
        List<String> missing = Arrays.stream(Experiment.values())
                .filter(experiment -> study.experiment(experiment.number()).isEmpty()).map(Experiment::toString)
                .toList();
        if (!missing.isEmpty()) {
            blocks.add(
                    Paragraph.of("Of the study's twelve runs, not among these: " + Formats.enumeration(missing) + "."));
        }
        if (!study.damaged().isEmpty()) {
            blocks.add(Paragraph.notice("Left out, because they could not be read:"));
            blocks.add(new Bullets(study.damaged()));
        }
        return blocks;
    }
}
