package dev.culebra.experiments.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

import dev.culebra.experiments.report.content.Contents;
import dev.culebra.experiments.report.document.Block;
import dev.culebra.experiments.report.document.Chart;
import dev.culebra.experiments.report.document.Document;
import dev.culebra.experiments.report.document.Table;
import dev.culebra.experiments.report.runs.RecordedRun;
import dev.culebra.experiments.report.runs.RunGroup;
import dev.culebra.experiments.report.runs.Study;
import dev.culebra.experiments.run.Event;
import dev.culebra.experiments.run.MadeRun;
import dev.culebra.experiments.study.Configuration;
import dev.culebra.experiments.study.Experiment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.culebra.experiments.report.DocumentReading.assertSays;
import static dev.culebra.experiments.report.DocumentReading.column;
import static dev.culebra.experiments.report.DocumentReading.figure;
import static dev.culebra.experiments.report.DocumentReading.paragraphs;
import static dev.culebra.experiments.report.DocumentReading.prose;
import static dev.culebra.experiments.report.DocumentReading.row;
import static dev.culebra.experiments.report.DocumentReading.table;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a report says, and does not say, of runs that ended early or have not ended yet. */
class ShortRunsTest {
    private static final String DASH = "\u2013";
    private static final String TOO_SHORT = " Of runs with fewer than 3 epochs nothing is concluded: within the first no "
            + "text is read twice, so nothing is known by heart yet, and to see validation turn takes an epoch before its "
            + "lowest and one after.";

    @TempDir
    Path folder;

    private Document document() {
        return Report.of(folder).document();
    }

    @Test
    void theFirstLineTellsOfShortenedRunsAndAFullStudyHasNone() {
        MadeStudy.all(folder);
        assertEquals("", paragraphs(document(), Block.Role.NOTICE));
        assertSays("Device and precision: cpu in bf16.", document());
        assertSays("Length: 10 epochs, 5,110 steps of 5,110.", document());

        MadeRun.of(Configuration.of(Experiment.EXP1), 10, new double[] {900, 500}, new double[] {400, 300})
                .unfinished(4).writeTo(folder.resolve("short/exp1"));
        Document shortened = Report.of(folder.resolve("short")).document();
        assertEquals(
                Block.Paragraph.notice("Shortened runs: the study trains each run for 10 epochs; these made 2 epochs, "
                        + "1,026 steps, on cpu in bf16. Their perplexities are not those of a full study." + TOO_SHORT),
                shortened.blocks().getFirst());
    }

    @Test
    void anUnfinishedRunIsMarkedAndReportedAsFarAsItIs() {
        MadeRun.of(Configuration.of(Experiment.EXP1), 10, new double[] {900, 500}, new double[] {400, 300})
                .unfinished(4).writeTo(folder.resolve("exp1"));
        Table results = table(document(), "results");
        assertEquals(List.of("exp1\u00a0\u2020", "LSTM", "1", "Adam", "2", "500.0", "300.0", "2", "300.0", DASH),
                results.rows().getFirst().stream().map(Table.Cell::text).toList());
        assertTrue(results.terms().contains(new Table.Term("\u2020", "unfinished, what there is so far")));
    }

    @Test
    void aSeedThatWasCutShortDistortsNoMean() {
        for (int seed = 1; seed <= 3; seed++) {
            boolean whole = seed < 3;
            MadeRun.of(MadeStudy.withSeed(Configuration.of(Experiment.EXP1), seed), 10,
                    whole ? new double[] {300, 200, 100} : new double[] {300},
                    whole ? new double[] {300, 200, 140 + seed} : new double[] {900})
                    .writeTo(folder.resolve("exp1-seed" + seed));
        }
        MadeRun.of(MadeStudy.withSeed(Configuration.of(Experiment.EXP1), 4), 10, new double[] {300, 200},
                new double[] {800, 700}).unfinished(9).writeTo(folder.resolve("exp1-seed4"));
        Document document = document();
        Table results = table(document, "results");
        assertEquals(List.of("exp1\u00a0\u2020", "LSTM", "1", "Adam", "3", "2", "100.0 \u00b1 0.0", "141.5 \u00b1 0.7",
                "3", "141.5 \u00b1 0.7", "155.7 \u00b1 0.8"), row(results, "exp1\u00a0\u2020"));
        assertTrue(results.terms().contains(new Table.Term("\u2020",
                "unfinished, what there is so far; of repeated runs only those that came the farthest count")));
        assertEquals(4, table(document, "runs").rows().size());
        List<Chart.Point> curve = ((Chart.Lines) figure(document, "curves-epochs-lstm").charts().getFirst()).lines()
                .getLast().points();
        assertEquals(List.of(300.0, 200.0, 141.5),
                curve.stream().map(point -> Math.round(point.y() * 1e6) / 1e6).toList());
    }

    @Test
    void aRunThatWasValidatedLaterThanLoggedCountsThoseStepsToo() {
        MadeRun.writePart(folder.resolve("exp1"), Configuration.of(Experiment.EXP1), new double[] {3000, 2000},
                new double[] {1500, 1200});
        RunGroup group = Report.of(folder).study().groups().getFirst();
        RecordedRun run = group.runs().getFirst();
        List<Event> events = run.events().stream()
                .filter(event -> !(event instanceof Event.Step || event instanceof Event.End))
                .toList();
        RecordedRun unlogged = new RecordedRun(run.folder(), run.settings(), run.circumstances(), events);
        assertEquals(102, unlogged.stepsMade());
        assertEquals(OptionalDouble.empty(), unlogged.secondsPerEpoch());
        assertEquals(OptionalDouble.empty(), unlogged.tokensPerSecond());
        Document document = Contents.of(new Study(List.of(new RunGroup("exp1", group.experiment(), List.of(unlogged))),
                List.of()));
        assertEquals(List.of("exp1\u00a0\u2020", "LSTM", "1", "Adam", DASH, "102", "102", DASH, "115"),
                row(table(document, "time"), "exp1\u00a0\u2020"));
    }

    @Test
    void aRunWithoutACompleteEpochIsReportedByItsSteps() {
        new MadeRun(MadeStudy.withMaxSteps(Configuration.of(Experiment.EXP5), 20), new double[0], new double[0], 1, 20,
                true,
                Optional.empty()).writeTo(folder.resolve("exp5"));
        Document document = document();
        assertEquals(List.of("exp5", "MiniGPT1", "1", "Adam", "20", "1", "40,000", "20", "2,000"),
                row(table(document, "steps"), "exp5"));
        assertEquals(20,
                ((Chart.Lines) figure(document, "steps").charts().getFirst()).lines().getFirst().points().size());
        assertSays("No run was validated", document);
        assertSays("these made no validation, 20 steps, on cpu in bf16.", document);
        assertEquals("90,000", column(table(document, "time"), "tokens/s").getFirst());
    }

    @Test
    void nothingIsConcludedOfRunsThatAreTooShort() {
        double[][] epochs = {{300, 200}, {290, 100}, {310, 310}, {250, 240}, {280, 150}, {300, 290}};
        for (int i = 0; i < epochs.length; i++) {
            int number = List.of(1, 2, 4, 5, 6, 11).get(i);
            MadeRun.of(Configuration.of(Experiment.of(number).orElseThrow()), 10, epochs[i], epochs[i])
                    .writeTo(folder.resolve("exp" + number));
        }
        Document document = document();
        assertTrue(
                paragraphs(document, Block.Role.INTERPRETATION)
                        .startsWith("Weights, gradients and the optimiser's state"),
                prose(document));
        assertEquals(1, paragraphs(document, Block.Role.INTERPRETATION).lines().count(), prose(document));
        assertSays("No interpretation: exp1 and exp5 have not completed 3 epochs.", document);
        assertSays("No interpretation: exp2 has not completed 3 epochs.", document);
        assertSays("Decoupled weight decay of 0.0005 lowers it so far.", document);
        assertSays("No interpretation: exp6 and exp11 have not completed 3 epochs.", document);
        assertSays("Stopping early: no run has completed 3 epochs, so nothing is known of it.", document);
        assertSays("exp6, 1 layer: lowest 150.0 after epoch 2, train 150.0 at the end, gap 1.00.", document);
    }

    @Test
    void aPartOfAnEpochThatWasValidatedIsReportedLikeEpochs() {
        MadeRun.writePart(folder.resolve("exp1"), MadeStudy.withMaxSteps(Configuration.of(Experiment.EXP1), 102),
                new double[] {3000, 2000}, new double[] {1500, 1200});
        MadeRun.writePart(folder.resolve("exp5"), MadeStudy.withMaxSteps(Configuration.of(Experiment.EXP5), 102),
                new double[] {2900, 1900}, new double[] {1100, 1150});
        Document document = document();
        assertEquals(List.of("exp1", "LSTM", "1", "Adam", "0.20", "2,000", "1,200", "0.20", "1,200", "1,320"),
                row(table(document, "results"), "exp1"));
        assertEquals(
                List.of("exp5", "MiniGPT1", "1", "Adam", "0.20", "1,900", "1,100", "0.10", "1,150", "1,265"),
                row(table(document, "results"), "exp5"));
        assertEquals(
                Block.Paragraph.notice("Shortened runs: the study trains each run for 10 epochs; these made 0.20 of an "
                        + "epoch, 102 steps, on cpu in bf16. Their perplexities are not those of a full study."
                        + TOO_SHORT),
                document.blocks().getFirst());
        Table time = table(document, "time");
        // 0.045 seconds a logged step, and 511 steps an epoch; a second a step until the validations.
        assertEquals(List.of("exp5", "MiniGPT1", "1", "Adam", "23.0", "51.0", "102", "90,000", "131"),
                row(time, "exp5"));
        assertSays("No run has completed an epoch, so no times of epochs are compared.", document);
        assertSays("Lowest validation perplexity: 1,100 against 1,200 (\u22128.3 %), exp5 after 0.10 of an epoch, exp1 "
                + "after 0.20 of an epoch.", document);
        assertSays(
                "Lowest validation perplexity of the LSTMs: 1,200, exp1 (LSTM, 1 layer, Adam), after 0.20 of an epoch.",
                document);
        assertSays("417,792 tokens learned from and ", document);
        assertSays("Unlike the published runs, all of these made fewer than 10 epochs: the differences tell of that",
                document);
        List<Chart.Point> validation = ((Chart.Lines) figure(document, "curves-epochs-gpt1").charts().getFirst())
                .lines()
                .getLast().points();
        assertEquals(List.of(51 / 511.0, 102 / 511.0), validation.stream().map(Chart.Point::x).toList());
        assertFalse(paragraphs(document, Block.Role.INTERPRETATION).contains("generalises"), prose(document));
        assertFalse(document.tables().stream().anyMatch(table -> table.id().equals("steps")));
    }
}
