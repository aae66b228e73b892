package dev.culebra.experiments.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culebra.experiments.files.Json;
import dev.culebra.experiments.run.Interruption;
import dev.culebra.experiments.run.SmallText;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The study: whatever becomes of one run, the others are made, and the same command goes on. */
class StudyTest {
    @TempDir
    Path folder;
    private Path data;
    private Path study;

    @BeforeEach
    void writeText() throws IOException {
        data = SmallText.in(Files.createDirectory(folder.resolve("data")));
        study = folder.resolve("study");
    }

    private Program all(Interruption interruption, String words, Path runs) {
        return Program.run(interruption, SmallText.run("all --no-report --hidden-size 12 " + words), "--data", data,
                "--run-dir",
                runs);
    }

    private Program all(String words) {
        return all(() -> false, words, study);
    }

    private String command(String words) {
        return "java -jar experiments.jar "
                + SmallText.run("all --no-report --hidden-size 12 " + words).strip().replaceAll(" +", " ")
                + " --data " + data + " --run-dir " + study;
    }

    private static List<String> table(Program program) {
        return program.out().lines().dropWhile(line -> !line.startsWith("run ")).toList();
    }

    @Test
    void aReportOfAllRunsInTheFolderComesLast() throws IOException {
        all("--only 1").assertDone();
        Program program = Program.run(SmallText.run("all --only 5 --heads 3"), "--data", data, "--run-dir", study)
                .assertDone();
        Path page = study.resolve("report/report.html");
        assertTrue(program.out().endsWith("Report: " + page + System.lineSeparator()), program.out());
        String text = Files.readString(page);
        assertTrue(text.contains("exp1") && text.contains("exp5"), "both runs are in the report");
        assertFalse(Files.exists(study.resolve("report/config.json")));
    }

    @Test
    void whereNoReportCanBeWrittenTheRunsAreMadeAllTheSame() throws IOException {
        Files.writeString(Files.createDirectories(study).resolve("report"), "a file");
        Program program = Program
                .run(SmallText.run("all --only 3 --hidden-size 12"), "--data", data, "--run-dir", study)
                .assertDone();
        assertTrue(
                program.out().lines().toList().getLast().startsWith("There is no report: cannot write to the report's "
                        + "folder " + study.resolve("report")),
                program.out());
    }

    @Test
    void finishedRunsAreKeptAndOneTableIsPrinted() throws IOException {
        Program first = all("--only 1,5,9 --parallel 2").assertDone();
        assertTrue(first.out().contains("exp5 | epoch 1: "), first.out());
        assertTrue(first.out().lines().anyMatch(
                line -> line.matches("exp5 \\| done\\. Best validation perplexity [\\d.]+ after epoch [12]; test .*")),
                first.out());
        List<String> table = table(first);
        assertEquals(List.of("run", "exp1", "exp5", "exp9"), table.stream().map(line -> line.split(" ")[0]).toList());
        assertTrue(table.get(3).matches("exp9 +lstm +2 +adamw +[\\d.]+ +[12] +[\\d.]+"), table.get(3));

        byte[] before = Files.readAllBytes(study.resolve("exp5/metrics.jsonl"));
        Program second = all("--only 1,5,9").assertDone();
        assertTrue(second.out().contains("exp5 | The run in " + study.resolve("exp5") + " is finished"), second.out());
        assertEquals(table, table(second));
        assertArrayEquals(before, Files.readAllBytes(study.resolve("exp5/metrics.jsonl")));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aRunThatFailsIsToldAndTheCommandGoesOnWithIt(int parallel) throws IOException {
        Path inTheWay = Files.createDirectories(study.resolve("exp5/metrics.jsonl"));
        String words = "--only 1,5,9 --parallel " + parallel;
        Program program = all(words);
        String failure = "cannot write " + inTheWay
                + " (Is a directory); free space there, or choose a folder that can be written";
        program.assertFails(1,
                "exp5 failed: " + failure + ". 2 of 3 runs finished; go on with: " + command(words));
        assertTrue(program.out().contains("exp5 failed: " + failure + System.lineSeparator()), program.out());
        assertTrue(table(program).get(2).matches("exp5, failed +gpt1 +1 +adam +- +- +-"), program.out());
        List<String> kept = RunNumbers.of(study.resolve("exp9"));

        Files.delete(inTheWay);
        all(words).assertDone();
        assertEquals(kept, RunNumbers.of(study.resolve("exp9")));
        assertEquals(14,
                RunNumbers.of(study.resolve("exp5")).stream().filter(line -> line.contains("\"step\",")).count());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void anErrorEndsOneRunAlone(int parallel) throws IOException {
        AtomicInteger questions = new AtomicInteger();
        String words = "--only 1,5,9 --parallel " + parallel;
        Program program = all(() -> {
            if (questions.incrementAndGet() == 7) {
                throw new StackOverflowError("too deep");
            }
            return false;
        }, words, study);
        assertEquals(1, program.code());
        assertTrue(program.err().matches("error: exp\\d failed: unexpected StackOverflowError: too deep .*"
                + "2 of 3 runs finished; go on with: .*\\R"), program.err());
        String failed = program.err().replaceAll("error: (exp\\d) (.|\\R)*", "$1");
        JsonNode last = Json.mapper().readTree(RunNumbers.of(study.resolve(failed)).getLast());
        assertEquals("java.lang.StackOverflowError: too deep", last.get("reason").asText());
        all(words).assertDone();
    }

    @Test
    void whatARunHasNoUseForIsNoneOfItsSettings() throws IOException {
        all("--only 1,4,5 --heads 2 --gelu tanh --momentum 0.5 --betas 0.8,0.9 --eps 1e-7 --max-steps 1").assertDone();
        assertEquals(List.of("null", "null", "0.9", "[0.8,0.9]", "1.0E-7"), settings("exp1"));
        assertEquals(List.of("null", "null", "0.5", "[0.9,0.999]", "1.0E-8"), settings("exp4"));
        assertEquals(List.of("2", "\"tanh\"", "0.9", "[0.8,0.9]", "1.0E-7"), settings("exp5"));
        all("--only 1,2 --heads 2").assertFails(2,
                "--heads has no effect on any of these runs, only with --model gpt1; leave it out");
        all("--only 3 --eps 1e-7").assertFails(2,
                "--eps has no effect on a run of lstm with sgd, only with --optimizer adam or adamw; leave it out");
    }

    private List<String> settings(String run) throws IOException {
        JsonNode config = Json.mapper().readTree(study.resolve(run).resolve("config.json").toFile());
        JsonNode optimization = config.get("optimization");
        return Stream
                .of(config.get("model").get("heads"), config.get("model").get("gelu"), optimization.get("momentum"),
                        optimization.get("betas"), optimization.get("eps"))
                .map(JsonNode::toString).toList();
    }

    @Test
    void runsThatFailForOneReasonAreToldTogether() throws IOException {
        Program program = all("--only 3,4,5 --lr 1e300 --max-steps 4");
        assertEquals(1, program.code());
        assertTrue(program.err().matches(
                "error: exp3, exp4 failed: the loss is .+; exp5 failed: the loss is .+\\. 0 of 3 runs finished; "
                        + "go on with: java .*\\R"),
                program.err());
        Program none = Program.run("all --only 1,5 --device reference --data", folder.resolve("none"), "--run-dir",
                folder.resolve("new"));
        none.assertFails(2, "the data folder " + folder.resolve("none")
                + " does not exist; check --data, or leave it out to use the corpus that ships with the program");
    }

    @Test
    void badInputOfOneRunIsToldToo() throws IOException {
        Path occupied = Files.writeString(Files.createDirectories(study).resolve("exp1"), "");
        Program program = all("--only 1,5 --json");
        assertEquals(2, program.code(), program.err());
        String failure = "exp1 failed: cannot write to the run folder " + occupied + " (" + occupied
                + " is a file); choose another one with --run-dir";
        assertTrue(program.err().contains(failure + System.lineSeparator()), program.err());
        assertTrue(program.err().endsWith("error: " + failure + ". 1 of 2 runs finished; go on with: "
                + command("--only 1,5 --json") + System.lineSeparator()), program.err());
        assertEquals("exp5", program.events("end").getFirst().get("run").asText());
    }

    @Test
    void damagedMetricsOfAFailedRunHideNothing() throws IOException {
        all("--only 1,5").assertDone();
        Files.writeString(study.resolve("exp1/metrics.jsonl"), "no event\n");
        Program program = all("--only 1,5");
        assertEquals(2, program.code(), program.err());
        assertTrue(program.err()
                .startsWith("error: exp1 failed: " + study.resolve("exp1/metrics.jsonl") + ": line 1 is no "
                        + "event of a run; "),
                program.err());
        assertEquals(3, table(program).size(), program.out());
    }

    /** A question is asked before each step and before each evaluated batch, of any run. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"4 | 1 | 0 of 3 runs finished, 1 saved, 2 not begun",
        "30 | 1 | 1 of 3 runs finished, 1 saved, 1 not begun",
        "8 | 3 | 0 of 3 runs finished, \\d saved(, \\d not begun)?"})
    void interruptedAllRunsAreSavedAndTheSameCommandGoesOn(int question, int parallel, String count)
            throws IOException {
        String words = "--only 1,5,9 --dropout 0.2 --parallel " + parallel;
        AtomicInteger questions = new AtomicInteger();
        Program stopped = all(() -> questions.incrementAndGet() >= question, words, study);
        assertEquals(130, stopped.code(), stopped.out() + stopped.err());
        assertTrue(stopped.err().matches("interrupted; " + count + "\\. Continue with: "
                + Pattern.quote(command(words)) + "\\R"), stopped.err());
        assertEquals(3 - Character.digit(count.charAt(0), 10),
                table(stopped).stream().filter(line -> line.matches("exp\\d, unfinished +(lstm|gpt1) .*")).count());
        all(words).assertDone();
        Path whole = folder.resolve("whole");
        all(() -> false, words, whole).assertDone();
        for (String run : List.of("exp1", "exp5", "exp9")) {
            assertEquals(RunNumbers.of(whole.resolve(run)), RunNumbers.of(study.resolve(run)));
        }
    }

    @Test
    void anInterruptedStudyStillTellsWhatFailed() throws IOException {
        Files.writeString(Files.createDirectories(study).resolve("exp1"), "");
        boolean[] interrupted = new boolean[1];
        Program program = all(() -> {
            boolean before = interrupted[0];
            interrupted[0] = Files.exists(study.resolve("exp5"));
            return before;
        }, "--only 1,5", study);
        assertEquals(2, program.code(), program.err());
        assertTrue(program.err().startsWith("error: exp1 failed: cannot write to the run folder "), program.err());
        assertTrue(program.err().contains(". 0 of 2 runs finished, 1 saved; go on with: "), program.err());
    }

    @Test
    void severalSeedsGiveAFolderEachAndMeanAndSpread() throws IOException {
        Program program = all("--only 1,5 --seeds 1,2,1,30").assertDone();
        try (Stream<Path> folders = Files.list(study)) {
            assertEquals(List.of("exp1-seed1", "exp1-seed2", "exp1-seed30", "exp5-seed1", "exp5-seed2", "exp5-seed30"),
                    folders.map(path -> path.getFileName().toString()).sorted().toList());
        }
        JsonNode config = Json.mapper().readTree(study.resolve("exp5-seed30/config.json").toFile());
        assertEquals("exp5", config.get("name").asText());
        assertEquals(30, config.get("run").get("seed").asInt());
        assertFalse(RunNumbers.of(study.resolve("exp5-seed1")).equals(RunNumbers.of(study.resolve("exp5-seed2"))));

        List<String> table = table(program);
        assertEquals(List.of("exp1-seed1", "exp1-seed2", "exp1-seed30", "exp1, 3 seeds", "exp5-seed1", "exp5-seed2",
                "exp5-seed30", "exp5, 3 seeds"),
                table.stream().skip(1).map(line -> line.replaceAll(" +(lstm|gpt1).*", "")).toList());
        assertTrue(table.get(4).matches("exp1, 3 seeds +lstm +1 +adam +[\\d.]+ ± [\\d.]+ +- +[\\d.]+ ± [\\d.]+"),
                table.get(4));
        assertMeanAndDeviation(table.subList(1, 5));
    }

    @Test
    void aTableIsReadableWithoutTheSignOfASpread() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream ascii = new PrintStream(out, true, StandardCharsets.US_ASCII);
        String words = SmallText.run("all --no-report --only 1 --hidden-size 12 --seeds 1,2");
        List<String> arguments = new ArrayList<>(List.of(words.split(" +")));
        arguments.addAll(List.of("--data", data.toString(), "--run-dir", study.toString()));
        assertEquals(0, Commands.run(new Console(ascii, ascii, false, () -> false), arguments.toArray(String[]::new)));
        String last = out.toString(StandardCharsets.US_ASCII).lines().reduce("", (_, line) -> line);
        assertTrue(last.matches("exp1, 2 seeds +lstm +1 +adam +[\\d.]+ \\+-[\\d.]+ +- +[\\d.]+ \\+-[\\d.]+"), last);
    }

    /** Of the perplexities as the table has them, within what their last digit leaves open. */
    private static void assertMeanAndDeviation(List<String> rows) {
        double[] values = rows.stream().limit(rows.size() - 1)
                .mapToDouble(row -> Double.parseDouble(row.split(" {3,}")[4])).toArray();
        double mean = (values[0] + values[1] + values[2]) / 3;
        double deviation = Math.sqrt(Stream.of(0, 1, 2).mapToDouble(i -> Math.pow(values[i] - mean, 2)).sum() / 2);
        String[] told = rows.getLast().split(" {3,}")[4].split(" ± ");
        assertEquals(mean, Double.parseDouble(told[0]), 0.02);
        assertEquals(deviation, Double.parseDouble(told[1]), 0.02);
        assertTrue(deviation > 0.02);
    }

    @Test
    void aRunThatIsThereWithOtherSettingsIsToldBeforeAnyIsMade() throws IOException {
        all("--only 5 --lr 0.02").assertDone();
        all("--only 1,5").assertFails(2,
                "the run in " + study.resolve("exp5") + " was started with other settings: lr (was "
                        + "0.02, now 0.01); give the same options, or start a new run in another --run-dir");
        assertFalse(Files.exists(study.resolve("exp1")));
    }

    @Test
    void aSeedAloneOrAnUnfinishedOneHasNoSpread() throws IOException {
        Files.createDirectories(study.resolve("exp1-seed2/metrics.jsonl"));
        Program program = all("--only 1 --seeds 1,2");
        assertEquals(1, program.code());
        assertTrue(table(program).get(3).matches("exp1, 1 of 2 seeds +lstm +1 +adam +- +- +-"), program.out());
        assertEquals(2, table(all("--only 5 --seeds 7").assertDone()).size());
    }

    @Test
    void runsAtOnceAreThoseOneAfterAnother() throws IOException {
        String words = "--only 2,6 --seeds 1,2 --dropout 0.2 --clip-norm 1 --parallel ";
        all(words + 4).assertDone();
        Path inTurn = folder.resolve("turn");
        all(() -> false, words + 1, inTurn).assertDone();
        for (String run : List.of("exp2-seed1", "exp2-seed2", "exp6-seed1", "exp6-seed2")) {
            List<String> numbers = RunNumbers.of(study.resolve(run));
            assertEquals(18, numbers.size());
            assertEquals(RunNumbers.of(inTurn.resolve(run)), numbers);
        }
    }
}
