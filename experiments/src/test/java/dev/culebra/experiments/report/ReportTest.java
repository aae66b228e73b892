package dev.culebra.experiments.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.IntStream;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.report.document.Block;
import dev.culebra.experiments.report.document.Chart;
import dev.culebra.experiments.report.document.Document;
import dev.culebra.experiments.report.document.Figure;
import dev.culebra.experiments.report.document.Table;
import dev.culebra.experiments.report.runs.RecordedRun;
import dev.culebra.experiments.run.MadeRun;
import dev.culebra.experiments.study.Configuration;
import dev.culebra.experiments.study.Experiment;
import dev.culebra.experiments.study.ModelKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.culebra.experiments.report.DocumentReading.assertSays;
import static dev.culebra.experiments.report.DocumentReading.column;
import static dev.culebra.experiments.report.DocumentReading.figure;
import static dev.culebra.experiments.report.DocumentReading.paragraphs;
import static dev.culebra.experiments.report.DocumentReading.prose;
import static dev.culebra.experiments.report.DocumentReading.row;
import static dev.culebra.experiments.report.DocumentReading.strong;
import static dev.culebra.experiments.report.DocumentReading.table;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a report says of runs whose numbers are known. */
class ReportTest {
    private static final String DASH = "\u2013";

    @TempDir
    Path folder;

    private Document document() {
        return Report.of(folder).document();
    }

    @Test
    void theResultsAreSortedAndTheBestOfEachArchitectureStandsOut() {
        MadeStudy.all(folder);
        Table results = table(document(), "results");
        assertEquals(List.of("exp1", "exp2", "exp3", "exp4", "exp9", "exp10", "exp5", "exp6", "exp7", "exp8", "exp11",
                "exp12"), column(results, "run"));
        assertEquals(List.of("1", "1", "1", "1", "2", "4", "1", "1", "1", "1", "2", "4"), column(results, "layers"));
        assertEquals(List.of("exp9", "LSTM", "2", "AdamW", "10", "66.0", "141.9", "7", "145.9", "160.5"),
                row(results, "exp9"));
        assertEquals(List.of("exp3", "LSTM", "1", "SGD", "10", "2,350", "2,223", "10", "2,223", "2,445"),
                row(results, "exp3"));
        assertEquals(List.of("exp9 66.0", "exp9 141.9", "exp9 145.9", "exp9 160.5", "exp5 41.0", "exp11 146.1",
                "exp11 150.2", "exp11 165.2"), strong(results));
        for (Table.Column column : results.columns().subList(4, 10)) {
            assertTrue(results.terms().stream().anyMatch(term -> term.name().equals(column.heading()))
                    || column.heading().equals("at epoch"), column.heading());
        }
    }

    @Test
    void everyRunHasItsCurvesOverEpochsAndOverTime() {
        MadeStudy.all(folder);
        Document document = document();
        for (String kind : List.of("curves-epochs", "curves-time")) {
            List<Chart> charts = document.figures().stream().filter(figure -> figure.id().startsWith(kind))
                    .flatMap(figure -> figure.charts().stream()).toList();
            assertEquals(12, charts.size());
            for (Chart chart : charts) {
                Chart.Lines lines = (Chart.Lines) chart;
                assertEquals(List.of("train", "validation"), lines.lines().stream().map(Chart.Line::name).toList());
                assertEquals(10, lines.lines().getLast().points().size());
                assertEquals(Chart.Scale.LOGARITHMIC, lines.y().scale());
            }
        }
        Chart.Lines time = (Chart.Lines) figure(document, "curves-time-lstm").charts().getFirst();
        assertEquals("training time, seconds", time.x().label());
        // The first epoch takes three times as long as the other nine.
        assertEquals(12 * 11.5, time.lines().getLast().points().getLast().x(), 1e-9);
        assertEquals(146.1, time.lines().getLast().points().getLast().y(), 1e-9);
    }

    @Test
    void timesLeaveTheFirstEpochOut() {
        MadeStudy.all(folder);
        Table time = table(document(), "time");
        assertEquals(List.of("exp1", "LSTM", "1", "Adam", "11.5", "138", "138", "181,826", "115"), row(time, "exp1"));
        assertEquals(List.of("exp5", "MiniGPT1", "1", "Adam", "13.1", "91.7", "157", "159,618", "131"),
                row(time, "exp5"));
        assertEquals(List.of("exp3 11.1", "exp7 12.2"), strong(time));
    }

    @Test
    void memoryOfADeviceIsThatOfTheSteadyStateAndADashOnAHost() {
        MadeStudy.run(1).withDeviceMemory(800_000_000).writeTo(folder.resolve("exp1"));
        MadeStudy.run(2).writeTo(folder.resolve("exp2"));
        Table memory = table(document(), "memory");
        assertEquals(List.of("exp1", "LSTM", "1", "Adam", "0.80", "1.00", "1.60", "0.65"), row(memory, "exp1"));
        assertEquals(List.of("exp2", "LSTM", "1", "AdamW", DASH, DASH, "1.60", "0.65"), row(memory, "exp2"));
        assertTrue(memory.terms().stream().anyMatch(term -> term.meaning().endsWith("; source: NVML, this process")),
                memory.terms().toString());
        assertSays(
                "Steady-state memory of the device, at its peak: 1.00 GB (exp1). Memory of the host: 1.60 GB (exp1).",
                document());
        assertSays(
                "Weights, gradients and the optimiser's state grow with the model alone and are 26 % of what exp1 asks for; "
                        + "activations and batches grow with batch and sequence too and are 23 %; the rest is workspace. So a smaller "
                        + "model, or an optimiser with less state, saves more there than a smaller batch.",
                document());
    }

    @Test
    void thePublishedResultsStandBesideWithTheirDistance() {
        MadeRun.of(Configuration.of(Experiment.EXP8), 10, new double[] {900}, new double[] {346})
                .writeTo(folder.resolve("exp8"));
        Table published = table(document(), "published");
        assertEquals(List.of("exp8", "346.0", "692", "\u221250\u00a0%", "693", "\u221250\u00a0%", "380.6", "725",
                "\u221248\u00a0%", "725", "\u221248\u00a0%", ""), row(published, "exp8"));
        assertSays("Embeddings here: from wikitext-2/embeddings.npz, frozen.", document());
    }

    @Test
    void filesAreNamedWithoutTheFoldersAboveThem() {
        MadeStudy.run(1).writeTo(folder.resolve("exp1"));
        assertSays("Embeddings: from wikitext-2/embeddings.npz, frozen.", document());
        assertSays("Data: wikitext-2.", document());
    }

    @Test
    void aDivergedRunIsShownAsSuchAndTakesNoPart() {
        MadeRun.of(Configuration.of(Experiment.EXP1), 10, new double[] {900, 1e7, Double.POSITIVE_INFINITY},
                new double[] {200, 1e12, Double.POSITIVE_INFINITY}).unfinished(1).writeTo(folder.resolve("exp1"));
        MadeStudy.run(3).writeTo(folder.resolve("exp3"));
        Document document = document();
        assertEquals(List.of("exp1\u00a0\u2021", "LSTM", "1", "Adam", "3", "\u221e", "200.0", "1", "\u221e", DASH),
                row(table(document, "results"), "exp1\u00a0\u2021"));
        assertEquals(List.of("exp3 2,350", "exp3 2,223", "exp3 2,223", "exp3 2,445"),
                strong(table(document, "results")));
        assertSays("The lowest validation perplexity, 2,223, is that of exp3", document);
        assertSays("exp1 diverged", document);
        Figure curves = figure(document, "curves-epochs-lstm");
        List<Chart.Point> validation = ((Chart.Lines) curves.charts().getFirst()).lines().getLast().points();
        assertEquals(List.of(200.0, 100_000.0, 100_000.0), validation.stream().map(Chart.Point::y)
                .map(y -> Math.round(y * 1e6) / 1e6).toList());
        assertTrue(curves.caption().contains("Above 100,000, and drawn there: exp1 train at epoch 2 (10,000,000)"),
                curves.caption());
    }

    @Test
    void repeatedSeedsAreAMeanWithItsSpread() {
        double[] lowest = {140, 150, 157};
        for (int seed = 1; seed <= 3; seed++) {
            MadeRun.of(MadeStudy.withSeed(Configuration.of(Experiment.EXP1), seed), 10, new double[] {300, 100},
                    new double[] {200, lowest[seed - 1]}).writeTo(folder.resolve("exp1-seed" + seed));
        }
        Document document = document();
        Table results = table(document, "results");
        assertEquals(List.of("exp1", "LSTM", "1", "Adam", "2", "3", "100.0 \u00b1 0.0", "149.0 \u00b1 8.5", "2",
                "149.0 \u00b1 8.5", "163.9 \u00b1 9.4"), row(results, "exp1"));
        assertEquals(List.of("1", "2", "3"), column(table(document, "runs"), "seed"));
        Chart.Point last = ((Chart.Lines) figure(document, "curves-epochs-lstm").charts().getFirst()).lines().getLast()
                .points().getLast();
        assertEquals(149, last.y(), 1e-9);
        assertEquals(149 + Math.sqrt(73), last.high(), 1e-9);
        assertEquals(149 - Math.sqrt(73), last.low(), 1e-9);
    }

    @Test
    void whatAModelHasNoUseForTellsNoRunsApart() {
        Configuration plain = MadeStudy.withSeed(Configuration.of(Experiment.EXP1), 1);
        MadeRun.of(plain, 10, new double[] {300}, new double[] {200}).writeTo(folder.resolve("exp1-seed1"));
        Configuration heads = MadeStudy.withHeads(MadeStudy.withSeed(Configuration.of(Experiment.EXP1), 2), 4);
        MadeRun.of(heads, 10, new double[] {300}, new double[] {220}).writeTo(folder.resolve("exp1-seed2"));
        MadeRun.of(MadeStudy.withHeads(Configuration.of(Experiment.EXP5), 4), 10, new double[] {300},
                new double[] {200}).writeTo(folder.resolve("exp5"));
        Document document = document();
        assertEquals(List.of("210.0 \u00b1 14.1", "200.0"), column(table(document, "results"), "validation, best"));
        assertEquals(List.of("", "", "heads 4"), column(table(document, "runs"), "other settings"));
    }

    @Test
    void theAnswersFollowTheNumbers() {
        MadeStudy.all(folder);
        Document document = document();
        assertSays("The lowest validation perplexity, 141.9, is that of exp9 (LSTM, 2 layers, AdamW), after 2.1 min",
                document);
        assertSays(
                "The shortest epochs, 11.1 s, are those of exp3 (LSTM, 1 layer, SGD), whose lowest validation perplexity "
                        + "is 2,223.",
                document);
        assertSays("Weight decay: exp2 (AdamW) has 146.3 against 146.1 (+0.1 %) of exp1 (Adam)", document);
        assertSays("Decoupled weight decay of 0.0005 makes no difference to speak of.", document);
        assertSays("Momentum: exp8 (momentum) has 692.0 against 1,532 (\u221255 %) of exp7 (SGD)", document);
        assertSays("Momentum of 0.9 lowers it.", document);
        assertSays(
                "Lowest validation perplexity: 148.6 against 146.1 (+1.7 %), exp5 after epoch 5, exp1 after epoch 10.",
                document);
        assertSays("With 2,091,000 tokens to learn from, the transformer generalises worse than the LSTM", document);
        assertSays(
                "exp6, 1 layer: lowest 148.7 after epoch 5, where validation turns: 171.4 (+15 %) after epoch 10, train "
                        + "41.2 at the end, gap 4.16.",
                document);
        assertSays(
                "Hardly a change over the second half of its epochs, at 10.6 times the lowest perplexity of all runs "
                        + "(exp12), is a plateau, such as that of a model that knows how often words occur and little more. Layer "
                        + "normalisation after the residual sum is known to need a warm-up",
                document);
        assertSays(
                "exp12, 4 layers: lowest 1,509 after epoch 9, with hardly a change over the second half of its epochs",
                document);
        assertSays("what the large ones lead one to expect does not show with so little text. At the end its "
                + "validation perplexity is 4.17 times its train perplexity, that of the LSTM 1.66 times: it fits the "
                + "training text more than it learns the language. At the end exp1 still came lower with every epoch, so "
                + "more of them may change this.", document);
        assertSays("With m = 12 and d = 64, as in exp5, that is 2,362,368, or 9.4 MB in fp32.", document);
        assertSays("exp5 at 148.6 instead of 171.0 (\u221213 %), with 58 % of the time.", document);
        assertSays("Dropout: no run has it, so its effect is not measured here", document);
    }

    @Test
    void otherNumbersGiveOtherConclusions() {
        MadeRun.of(Configuration.of(Experiment.EXP1), 10, new double[] {300, 200, 190}, new double[] {210, 180, 180})
                .writeTo(folder.resolve("exp1"));
        MadeRun.of(Configuration.of(Experiment.EXP5), 10, new double[] {300, 200, 190}, new double[] {190, 120, 120})
                .writeTo(folder.resolve("exp5"));
        Document document = document();
        assertSays("the transformer generalises better than the LSTM", document);
        assertSays("exp5 is both the first to come within 10 % of the lowest perplexity and the one that has it",
                document);
        assertSays(
                "A validation perplexity within 10 % of the lowest, that is 132.0 or less, was reached by exp5 (40.0 s), "
                        + "and by no other run.",
                document);
        assertSays(
                "Stopping early: no run of at least 3 epochs ends more than 1 % above its lowest validation perplexity",
                document);
        assertFalse(prose(document).contains("still came lower"), prose(document));
        assertSays("Left out here: exp2 is not among the runs; exp3 is not among the runs; exp4 is not among the runs.",
                document);
        assertFalse(prose(document).contains("plateau"));
    }

    @Test
    void anLstmOnAPlateauHasNoLayerNormalisationToBlame() {
        for (int number : new int[] {2, 9}) {
            double perplexity = number == 2 ? 150 : 1500;
            double[] still = {perplexity, perplexity, perplexity};
            MadeRun.of(Configuration.of(Experiment.of(number).orElseThrow()), 10, still, still)
                    .writeTo(folder.resolve("exp" + number));
        }
        String conclusions = paragraphs(document(), Block.Role.INTERPRETATION);
        assertTrue(conclusions.contains("at 10.0 times the lowest perplexity of all runs (exp9), is a plateau"),
                conclusions);
        assertFalse(conclusions.contains("Layer normalisation"), conclusions);
    }

    @Test
    void dropoutAndWarmUpAreMeasuredWhereTwoRunsDifferInThemAlone() {
        MadeStudy.run(5).writeTo(folder.resolve("exp5"));
        MadeRun.of(MadeStudy.withDropout(Configuration.of(Experiment.EXP5), 0.1), 10, new double[] {400, 130, 120},
                new double[] {300, 125, 120}).writeTo(folder.resolve("exp5 with dropout"));
        MadeRun.of(MadeStudy.withWarmup(MadeStudy.withDropout(Configuration.of(Experiment.EXP5), 0.3), 9), 10,
                new double[] {400}, new double[] {300}).writeTo(folder.resolve("differs in two"));
        Document document = document();
        assertSays("exp5 with dropout (dropout 0.1) against exp5: lowest validation perplexity 120.0 against 148.6 "
                + "(\u221219 %), last 120.0 against 171.0 (\u221230 %), lowest after epoch 3 (exp5 after epoch 5).",
                document);
        assertSays("Dropout lowers what exp5 reaches", document);
        assertSays("Warm-up: no two runs with results differ in it alone", document);
        assertEquals("dropout 0.1", row(table(document, "runs"), "exp5 with dropout").getLast());
        assertEquals("dropout 0.3, warmup-steps 9", row(table(document, "runs"), "differs in two").getLast());
    }

    @Test
    void runsAreKnownByTheirSettingsNotByTheirFolders() {
        MadeStudy.run(9).writeTo(folder.resolve("exp1"));
        Configuration any = Configuration.of(ModelKind.LSTM);
        MadeRun.of(new Configuration("lstm", any.model().withLayers(OptionalInt.of(3)), any.optimization(),
                any.data(), any.run()), 10, new double[] {300}, new double[] {200})
                .writeTo(folder.resolve("three layers"));
        Document document = document();
        assertEquals(List.of("exp9", "three layers"), column(table(document, "results"), "run"));
        assertEquals(List.of("exp9"), column(table(document, "published"), "run"));
    }

    @Test
    void aChangedRunInAFolderWithAnExperimentsNameIsToldApart() {
        MadeStudy.run(1).writeTo(folder.resolve("whole"));
        MadeRun.of(MadeStudy.withDropout(Configuration.of(Experiment.EXP1), 0.5), 10, new double[] {300},
                new double[] {200}).writeTo(folder.resolve("exp1"));
        assertEquals(List.of("exp1", "folder exp1"), column(table(document(), "results"), "run"));
        assertEquals(List.of("whole", "exp1"), column(table(document(), "runs"), "folder"));
    }

    @Test
    void depthIsJudgedByTheNumbers() {
        String[] conclusions = {"Depth makes no difference to speak of here.",
            "Depth pays here: exp10, the deepest, has the lowest perplexity.",
            "Some depth helps and more does not: exp9 has the lowest perplexity.",
            "More layers do not help here: exp2 has the lowest perplexity."};
        double[][] lowest = {{200, 200.5, 201}, {200, 190, 180}, {200, 150, 180}, {150, 160, 180}};
        for (int i = 0; i < conclusions.length; i++) {
            Path runs = folder.resolve(String.valueOf(i));
            for (int depth = 0; depth < 3; depth++) {
                int number = new int[] {2, 9, 10}[depth];
                double perplexity = lowest[i][depth];
                MadeRun.of(Configuration.of(Experiment.of(number).orElseThrow()), 10, new double[] {300, 200, 190},
                        new double[] {300, perplexity, perplexity}).writeTo(runs.resolve("exp" + number));
            }
            assertSays(conclusions[i], Report.of(runs).document());
        }
    }

    @Test
    void whatReadsTheSameStandsOutTogether() {
        MadeRun.of(Configuration.of(Experiment.EXP1), 10, new double[] {300}, new double[] {200.01})
                .writeTo(folder.resolve("exp1"));
        MadeRun.of(Configuration.of(Experiment.EXP2), 10, new double[] {310}, new double[] {200.02})
                .writeTo(folder.resolve("exp2"));
        assertEquals(List.of("exp1 300.0", "exp1 200.0", "exp1 200.0", "exp1 220.0", "exp2 200.0", "exp2 200.0",
                "exp2 220.0"), strong(table(document(), "results")));
    }

    @Test
    void aSingleRunFolderIsEnough() {
        MadeStudy.run(4).writeTo(folder.resolve("runs/exp4"));
        Report report = Report.of(folder.resolve("runs/exp4"));
        assertEquals(List.of("exp4"), column(table(report.document(), "results"), "run"));
        assertEquals(List.of(RecordedRun.State.FINISHED),
                report.study().runs().stream().map(RecordedRun::state).toList());
    }

    @Test
    void damagedRunsAreNamedAndLeftOut() throws IOException {
        MadeStudy.run(1).writeTo(folder.resolve("exp1"));
        MadeStudy.run(2).writeTo(folder.resolve("exp2"));
        MadeStudy.run(3).writeTo(folder.resolve("exp3"));
        Files.writeString(folder.resolve("exp2/metrics.jsonl"), "no JSON\n");
        Files.writeString(folder.resolve("exp3/config.json"), "{\"model\": {\"model\": \"rnn\"}}");
        Files.createDirectories(folder.resolve("no run at all"));
        Report report = Report.of(folder);
        assertEquals(List.of("exp1"), column(table(report.document(), "results"), "run"));
        assertEquals(2, report.study().damaged().size(), report.study().damaged().toString());
        assertTrue(report.study().damaged().get(0).startsWith("exp2: "), report.study().damaged().get(0));
        assertTrue(report.study().damaged().get(0).contains("line 1 is no event of a run"));
        assertEquals("exp3: config.json has no model that a run can have", report.study().damaged().get(1));
        assertSays(report.study().damaged().get(1), report.document());
    }

    @Test
    void versionsAndMachineAreFactsOfTheReport() {
        MadeStudy.run(1).writeTo(folder.resolve("exp1"));
        MadeStudy.run(2).writeTo(folder.resolve("exp2"));
        assertSays("Culebra: 1.0.", document());
        assertSays("Java: 25, then 26.", document());
        assertSays("Device: oneDNN.", document());
        assertSays("oneDNN: 3.13.0.", document());
        assertFalse(prose(document()).contains("experiments.jar all"), prose(document()));
    }

    @Test
    void aFolderWithoutRunsIsBadInput() throws IOException {
        assertEquals(
                folder + " holds no run (a folder with config.json and metrics.jsonl); make one with 'exp1', or all "
                        + "with 'all'",
                assertThrows(BadInputException.class, () -> Report.of(folder)).getMessage());
        Path none = folder.resolve("none");
        assertEquals(
                "the folder of runs " + none + " does not exist; name the folder that --run-dir named, such as runs",
                assertThrows(BadInputException.class, () -> Report.of(none)).getMessage());
        Files.createFile(none);
        assertEquals("the folder of runs " + none + " is a file; name the folder that --run-dir named, such as runs",
                assertThrows(BadInputException.class, () -> Report.of(none)).getMessage());
    }

    @Test
    void theNumbersAreTheSameInEveryCountry() {
        MadeStudy.all(folder);
        Document here = document();
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertEquals(here, document());
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void tablesAndFiguresHaveNamesOfTheirOwn() {
        MadeStudy.all(folder);
        Document document = document();
        List<String> names = IntStream.range(0, 2).boxed()
                .flatMap(kind -> kind == 0
                        ? document.tables().stream().map(table -> "table " + table.id())
                        : document.figures().stream().map(figure -> "figure " + figure.id()))
                .toList();
        assertEquals(names.stream().distinct().toList(), names);
        assertTrue(names.size() > 10, names.toString());
    }

    @Test
    void theRunThatMadeTheEmbeddingsIsNoneOfTheStudy() {
        MadeStudy.run(5).writeTo(folder.resolve("exp5"));
        Configuration five = Configuration.of(Experiment.EXP5);
        MadeRun.of(new Configuration("embeddings", five.model(), five.optimization(), five.data(), five.run()), 10,
                new double[] {900, 100}, new double[] {400, 120}).writeTo(folder.resolve("embeddings"));
        assertEquals(List.of("exp5"), column(table(document(), "results"), "run"));
        assertEquals(List.of("exp5"), column(table(document(), "runs"), "folder"));
    }

    @Test
    void aCopyOfARunIsNoRepetition() {
        MadeStudy.run(1).writeTo(folder.resolve("exp1"));
        MadeStudy.run(1).writeTo(folder.resolve("exp1-copy"));
        assertFalse(Report.of(folder).study().hasRepetitions());
        assertEquals(List.of("exp1", "exp1-copy"), column(table(document(), "results"), "run"));
    }
}
