package dev.culebra.experiments.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culebra.experiments.data.NpyType;
import dev.culebra.experiments.data.NpzWriter;
import dev.culebra.experiments.files.Json;
import dev.culebra.experiments.run.Interruption;
import dev.culebra.experiments.run.SmallText;
import dev.culebra.nn.checkpoint.SafetensorsReader;
import dev.culebra.nn.checkpoint.TensorEntry;
import dev.culebra.runtime.Backends;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.standin.StandIn;
import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A run that stops and goes on is the run that never stopped, bit for bit. */
class ResumeTest {
    /** With everything whose state could be forgotten. */
    private static final String LSTM = "exp9 --hidden-size 8 --dropout 0.2 --schedule cosine --warmup-steps 3 ";
    private static final String GPT = "exp8 --dropout 0.2 --clip-norm 1 ";

    @TempDir
    Path folder;
    private Path data;

    @BeforeEach
    void writeText() throws IOException {
        data = SmallText.in(Files.createDirectory(folder.resolve("data")));
    }

    private Program run(Interruption interruption, String words, String directory) {
        return Program.run(interruption, SmallText.run(words), "--data", data, "--run-dir",
                folder.resolve(directory));
    }

    /** Asks to stop when it is itself asked for the n-th time: before each step and before each evaluated batch. */
    private static Interruption at(int question) {
        AtomicInteger questions = new AtomicInteger();
        return () -> questions.incrementAndGet() >= question;
    }

    private List<String> numbers(String directory) throws IOException {
        return RunNumbers.of(folder.resolve(directory));
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 1", "5, 4", "7, 6", "8, 7", "9, 7", "10, 7", "12, 9"})
    void stoppedAnywhereItGoesOnAsIfItHadNot(int question, int steps) throws IOException {
        for (String words : List.of(LSTM, GPT)) {
            String name = words.split(" ")[0];
            run(() -> false, words, name + "-whole").assertDone();
            Program stopped = run(at(question), words, name + "-stopped");
            assertEquals(130, stopped.code(), stopped.err());
            assertTrue(stopped.err().startsWith("interrupted after step " + steps + " of 14; its state is saved. "
                    + "Continue with: java -jar experiments.jar " + name), stopped.err());
            assertTrue(stopped.err().strip().endsWith(" --resume"), stopped.err());
            run(() -> false, words + "--resume ", name + "-stopped").assertDone();
            assertEquals(numbers(name + "-whole"), numbers(name + "-stopped"));
        }
    }

    /** A stop may come before, in and after a validation, which is neither left out nor made twice. */
    @Test
    void validationsWithinEpochsAreToldOnceWhereverARunStops() throws IOException {
        String words = LSTM + "--validate-every 3 --max-steps 11 ";
        run(() -> false, words, "whole").assertDone();
        assertEquals(List.of(3, 6, 9, 11), validatedSteps("whole"));
        for (int question = 3; question < 20; question++) {
            String stopped = "stopped-" + question;
            assertEquals(130, run(at(question), words, stopped).code());
            run(() -> false, words + "--resume ", stopped).assertDone();
            assertEquals(numbers("whole"), numbers(stopped));
        }
    }

    /** Nor does it matter to anything else how often a run is validated, before it stops and after. */
    @Test
    void aRunGoesOnWithOtherValidationsAsIfItHadNone() throws IOException {
        run(() -> false, LSTM, "whole").assertDone();
        for (String every : List.of("", "--validate-every 1 ", "--validate-every 2 ", "--validate-every 5 ")) {
            for (int question : new int[] {5, 9}) {
                String stopped = "stopped-" + question + every.replaceAll("\\D", "");
                assertEquals(130, run(at(question), LSTM + "--validate-every 3 ", stopped).code());
                List<Integer> before = validatedSteps(stopped);
                run(() -> false, LSTM + every + "--resume ", stopped).assertDone();
                List<Integer> all = validatedSteps(stopped);
                assertEquals(before, all.subList(0, before.size()));
                assertEquals(all.stream().distinct().sorted().toList(), all);
                assertEquals(every.isEmpty(), all.size() == before.size(), all.toString());
                assertEquals(numbers("whole"), numbers(stopped).stream()
                        .filter(line -> !line.startsWith("{\"event\":\"validation\"")).toList());
                assertSameWeights(folder.resolve("whole/last.safetensors"),
                        folder.resolve(stopped + "/last.safetensors"));
            }
        }
    }

    private static void assertSameWeights(Path one, Path other) throws IOException {
        try (SafetensorsReader expected = SafetensorsReader.open(one);
                SafetensorsReader actual = SafetensorsReader.open(other)) {
            assertEquals(expected.entries().size(), actual.entries().size());
            for (TensorEntry entry : expected.entries()) {
                assertArrayEquals(expected.readDoubles(entry.name()), actual.readDoubles(entry.name()), entry.name());
            }
        }
    }

    private List<Integer> validatedSteps(String directory) throws IOException {
        return numbers(directory).stream().filter(line -> line.startsWith("{\"event\":\"validation\""))
                .map(line -> Integer.valueOf(line.replaceAll(".*\"step\":(\\d+).*", "$1"))).toList();
    }

    @ParameterizedTest
    @CsvSource({"cpu, fp32", "cpu, bf16", "cuda, fp32", "cuda, bf16"})
    void otherDevicesGoOnBitForBitToo(String device, String precision) throws IOException {
        require(device, precision);
        for (String words : List.of(LSTM + "--clip-norm 1 ", GPT)) {
            String name = words.split(" ")[0];
            String onDevice = words + "--device " + device + " --precision " + precision + " ";
            run(() -> false, onDevice, name + "-whole").assertDone();
            for (int question : new int[] {5, 12}) {
                String stopped = name + "-stopped-" + question;
                assertEquals(130, run(at(question), onDevice, stopped).code());
                run(() -> false, onDevice + "--resume ", stopped).assertDone();
                assertEquals(numbers(name + "-whole"), numbers(stopped));
            }
        }
    }

    private static void require(String device, String precision) {
        if (device.equals("cuda")) {
            StandIn.activate();
        }
        try {
            Backends.open(device, Precision.valueOf(precision.toUpperCase(Locale.ROOT))).close();
        } catch (RuntimeException | LinkageError e) {
            Requirement.ofBackend(device, precision).missing(String.valueOf(e.getMessage()));
        }
    }

    @Test
    void aKilledRunForgetsWhatItsCheckpointDoesNotKnow() throws IOException {
        run(() -> false, LSTM, "whole").assertDone();
        run(at(10), LSTM, "killed");
        Path metrics = folder.resolve("killed/metrics.jsonl");
        String known = Files.readString(metrics);
        String later = known.lines().filter(line -> line.contains("\"step\":7,")).findFirst().orElseThrow()
                .replace("\"step\":7,", "\"step\":8,");
        Files.writeString(metrics, known + later + "\n{\"event\":\"step\",\"st");
        run(() -> false, LSTM + "--resume ", "killed").assertDone();
        assertEquals(numbers("whole"), numbers("killed"));
    }

    @Test
    void aRunCanBeMadeLonger() throws IOException {
        run(() -> false, GPT, "whole").assertDone();
        run(() -> false, GPT + "--max-steps 3 ", "grown").assertDone();
        run(() -> false, GPT + "--resume --max-steps 7 ", "grown").assertDone();
        run(() -> false, GPT + "--resume ", "grown").assertDone();
        assertEquals(numbers("whole"), numbers("grown"));
    }

    @Test
    void checkpointsOnTheWayAreEnough() throws IOException {
        run(() -> false, LSTM, "whole").assertDone();
        Path copy = Files.createDirectory(folder.resolve("copy"));
        AtomicInteger questions = new AtomicInteger();
        run(() -> {
            if (questions.incrementAndGet() == 6) {
                copy(folder.resolve("running"), copy);
            }
            return false;
        }, LSTM + "--checkpoint-every 2 ", "running").assertDone();
        Program resumed = run(() -> false, LSTM + "--resume --json ", "copy").assertDone();
        assertEquals(4, resumed.events("start").getFirst().get("step").asInt());
        assertEquals(numbers("whole"), numbers("copy"));
    }

    private static void copy(Path from, Path to) {
        try (var files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFinishedRunIsLeftAlone() throws IOException {
        run(() -> false, GPT, "run").assertDone();
        List<String> before = numbers("run");
        Program again = run(() -> false, GPT + "--resume ", "run").assertDone();
        assertTrue(again.out().startsWith("The run in " + folder.resolve("run") + " is finished"), again.out());
        assertTrue(again.out().contains("Best validation perplexity"), again.out());
        assertEquals(before, numbers("run"));
    }

    @Test
    void otherSettingsAreRefusedByName() {
        run(at(4), LSTM, "run");
        run(() -> false, LSTM + "--resume --seed 7 --clip-norm 0.5 ", "run").assertFails(2, "the run in "
                + folder.resolve("run")
                + " was started with other settings: clip-norm (was unset, now 0.5), seed (was 42, "
                + "now 7); give the same options, or start a new run in another --run-dir");
        Program longer = run(() -> false, LSTM + "--resume --max-steps 5 ", "run");
        assertTrue(longer.err().contains("max-steps (was unset, now 5)"), longer.err());
    }

    @Test
    void otherTextInTheSameFolderIsRefused() {
        run(at(4), LSTM, "run");
        new NpzWriter().add("tokens", NpyType.INT32, IntStream.range(0, 60).map(i -> 1 + i % 10).toArray())
                .add("sizes", NpyType.INT32, new int[] {60})
                .add("vocabulary_size", NpyType.INT32, new int[] {SmallText.VOCABULARY})
                .writeTo(data.resolve("wiki.validation.npz"));
        run(() -> false, LSTM + "--resume ", "run").assertFails(2, "the run of "
                + folder.resolve("run/last.safetensors") + " was made with other text than --data holds now; give it "
                + "the same again, or start a new run in another --run-dir");
    }

    @Test
    void anotherDeviceThanAutoChoseBeforeIsRefused() throws IOException {
        run(at(4), GPT, "run");
        Path last = folder.resolve("run/last.safetensors");
        String latin = Files.readString(last, StandardCharsets.ISO_8859_1);
        Files.writeString(last, latin.replace("\"device\":\"reference\"", "\"device\":\"elsewhere\""),
                StandardCharsets.ISO_8859_1);
        run(() -> false, GPT + "--resume ", "run").assertFails(2, "the run of " + last + " was made on elsewhere in "
                + "fp64, and would go on on reference in fp64; 'doctor' says what this machine lacks for elsewhere");
    }

    @Test
    void aRunThatIsRefusedForItsLockChangesNothing() throws IOException {
        AtomicInteger questions = new AtomicInteger();
        Path config = folder.resolve("run/config.json");
        run(() -> {
            if (questions.incrementAndGet() == 3) {
                String before = assertDoesNotThrow(() -> Files.readString(config));
                Program second = run(() -> false, GPT + "--resume --epochs 3 ", "run");
                assertEquals(2, second.code());
                assertTrue(second.err().startsWith("error: another run is writing to "), second.err());
                assertEquals(before, assertDoesNotThrow(() -> Files.readString(config)));
            }
            return false;
        }, GPT + "--checkpoint-every 1 ", "run").assertDone();
    }

    @Test
    void whatIsMissingOrOfAnotherRunIsRefusedAndNothingChanges() throws IOException {
        run(at(10), LSTM, "run");
        Path last = folder.resolve("run/last.safetensors");
        Path metrics = folder.resolve("run/metrics.jsonl");
        byte[] checkpoint = Files.readAllBytes(last);
        String text = Files.readString(metrics);

        Files.writeString(metrics, text.lines().filter(line -> !line.contains("\"epoch\",")).map(line -> line + "\n")
                .collect(Collectors.joining()));
        assertRefused(
                metrics + " tells of 0 of the 1 epochs that the run has completed; restore the file, or start a new "
                        + "run in another --run-dir");
        Files.writeString(metrics, text);
        Files.delete(last);
        assertRefused(last + " is missing; restore the file, or start a new run in another --run-dir");
        run(() -> false, GPT, "other").assertDone();
        Files.copy(folder.resolve("other/last.safetensors"), last);
        assertRefused(
                last + " holds a model of kind gpt1, but this run trains lstm; name another file, or choose a run of "
                        + "that model");
        Files.writeString(last,
                new String(checkpoint, StandardCharsets.ISO_8859_1).replace("\"completed_epochs\":\"1\"",
                        "\"completed_epochs\":\"2\""),
                StandardCharsets.ISO_8859_1);
        assertRefused(last + " says that its run was at step 7 after 2 epochs, which cannot be with epochs of 7 steps; "
                + "restore it, or start a new run in another --run-dir");
        Files.write(last, checkpoint);
        Files.delete(folder.resolve("run/config.json"));
        assertRefused(
                folder.resolve("run/config.json") + " is missing, without which no run can be continued; restore it, "
                        + "or start a new run from the weights with --init-from " + last + " and another --run-dir");
        assertEquals(text, Files.readString(metrics));
    }

    private void assertRefused(String message) {
        Program program = run(() -> false, LSTM + "--resume ", "run");
        assertEquals("error: " + message + System.lineSeparator(), program.err());
        assertEquals(2, program.code());
    }

    @Test
    void aRunWithoutCheckpointStartsAnewAndSaysSo() throws IOException {
        run(at(4), GPT, "run");
        Files.delete(folder.resolve("run/last.safetensors"));
        Program again = run(() -> false, GPT + "--resume ", "run").assertDone();
        assertTrue(
                again.out()
                        .startsWith("The run in " + folder.resolve("run") + " has no checkpoint yet: it starts anew."),
                again.out());
        run(() -> false, GPT, "whole").assertDone();
        assertEquals(numbers("whole"), numbers("run"));
    }

    @Test
    void aFailureIsKeptUntilTheRunGoesOnAsIfThereHadBeenNone() throws IOException {
        Path inTheWay = Files.createDirectories(folder.resolve("run/best.safetensors/x"));
        Program failed = run(() -> false, LSTM + "--checkpoint-every 3 --json ", "run");
        assertEquals(1, failed.code());
        String reason = failed.err().strip().replaceFirst("(?s).*error: ", "");
        assertTrue(reason.startsWith("cannot write " + inTheWay.getParent()), reason);
        JsonNode failure = Json.mapper().readTree(numbers("run").getLast());
        assertEquals("failure", failure.get("event").asText());
        assertEquals(7, failure.get("step").asInt());
        assertFalse(failure.get("diverged").asBoolean());
        assertEquals(reason, failure.get("reason").asText());
        assertEquals(List.of(failure), failed.events("failure"));

        Files.delete(inTheWay);
        Files.delete(inTheWay.getParent());
        Program again = run(() -> false, LSTM + "--checkpoint-every 3 --resume ", "run").assertDone();
        assertTrue(again.out().contains("Before, it failed after step 7: " + reason + System.lineSeparator()),
                again.out());
        run(() -> false, LSTM + "--checkpoint-every 3 ", "whole").assertDone();
        assertEquals(numbers("whole"), numbers("run"));
    }

    @Test
    void theLastGoodLossSurvivesAnInterruption() {
        String diverging = "exp3 --hidden-size 8 --lr 1e300 ";
        Program whole = run(() -> false, diverging, "whole");
        assertTrue(whole.err().contains("; the last good loss was "), whole.err());
        run(at(2), diverging, "stopped");
        assertEquals(whole.err(), run(() -> false, diverging + "--resume ", "stopped").err());
    }

    @Test
    void aRunIsNeverOverwritten() {
        run(at(4), LSTM, "run");
        run(() -> false, LSTM, "run").assertFails(2,
                folder.resolve("run") + " already holds an unfinished run; continue "
                        + "it with --resume, or choose another folder with --run-dir");
        run(() -> false, GPT, "done").assertDone();
        run(() -> false, GPT, "done").assertFails(2, folder.resolve("done") + " already holds a finished run; continue "
                + "it with --resume, or choose another folder with --run-dir");
        run(() -> false, GPT + "--resume ", "none").assertFails(2,
                folder.resolve("none") + " holds no run to continue; "
                        + "leave out --resume, or name the run's folder with --run-dir");
    }
}
