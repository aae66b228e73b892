package dev.culebra.experiments.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culebra.experiments.data.NpyType;
import dev.culebra.experiments.data.NpzWriter;
import dev.culebra.experiments.run.SmallText;
import dev.culebra.experiments.study.Experiment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whole runs, small enough for the reference backend. */
class RunTest {
    @TempDir
    Path folder;
    private Path data;

    @BeforeEach
    void writeText() throws IOException {
        data = SmallText.in(Files.createDirectory(folder.resolve("data")));
    }

    private Program run(String words) {
        return Program.run(SmallText.run(words), "--data", data);
    }

    @Test
    void aRunThatEndsWithinAnEpochIsEvaluatedIfAsked() {
        Program program = run("exp3 --hidden-size 8 --max-steps 10 --validate-every 4 --json --run-dir "
                + folder.resolve("run")).assertDone();
        List<JsonNode> validations = program.events("validation");
        assertEquals(List.of(4, 8, 10), validations.stream().map(event -> event.get("step").asInt()).toList());
        assertEquals(List.of(1, 2, 2), validations.stream().map(event -> event.get("epoch").asInt()).toList());
        for (JsonNode validation : validations) {
            assertEquals(59, validation.get("validation").get("tokens").asInt());
            assertConsistent(validation.get("validation"));
            assertConsistent(validation.get("train"));
        }
        // What the second epoch's three steps read.
        assertEquals(3 * 4 * 7, validations.getLast().get("train").get("tokens").asInt(), 7);
        assertEquals(1, program.events("epoch").size());
        assertEquals("test", program.events("evaluation").getFirst().get("split").asText());
    }

    @ParameterizedTest
    @EnumSource(Experiment.class)
    void everyExperimentRunsAndReports(Experiment experiment) {
        String hidden = experiment.model().toString().equals("lstm") ? " --hidden-size 8" : "";
        Program program = run(experiment + hidden + " --json --run-dir " + folder.resolve("run")).assertDone();

        List<JsonNode> steps = program.events("step");
        assertEquals(IntStream.rangeClosed(1, 14).boxed().toList(),
                steps.stream().map(step -> step.get("step").asInt()).toList());
        assertEquals(List.of(1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2),
                steps.stream().map(step -> step.get("epoch").asInt()).toList());
        assertEquals(Math.log(SmallText.VOCABULARY), steps.getFirst().get("loss").asDouble(), 0.2);
        List<JsonNode> epochs = program.events("epoch");
        assertEquals(2, epochs.size());
        for (JsonNode epoch : epochs) {
            assertEquals(202, epoch.get("train").get("tokens").asInt());
            assertEquals(59, epoch.get("validation").get("tokens").asInt());
            assertConsistent(epoch.get("train"));
            assertConsistent(epoch.get("validation"));
            assertTrue(epoch.get("seconds").asDouble() > 0);
            assertTrue(epoch.get("peak_memory_bytes").asLong() > 1 << 20);
        }
        assertTrue(
                epochs.get(1).get("train").get("loss").asDouble() < epochs.get(0).get("train").get("loss").asDouble());
        JsonNode test = program.events("evaluation").getFirst();
        assertEquals("test", test.get("split").asText());
        assertEquals(49, test.get("tokens").asInt());
        assertConsistent(test);
        assertEquals(14, program.events("end").getFirst().get("step").asInt());
        assertTrue(program.err().contains("Best validation perplexity"), program.err());
    }

    private static void assertConsistent(JsonNode measurement) {
        double loss = measurement.get("nll_sum").asDouble() / measurement.get("tokens").asDouble();
        assertEquals(loss, measurement.get("loss").asDouble(), 1e-12);
        assertEquals(Math.exp(loss), measurement.get("perplexity").asDouble(), 1e-9);
    }

    @Test
    void theEpochsTrainLossIsThatOfItsSteps() {
        Program program = run("exp1 --hidden-size 8 --no-shuffle --json --run-dir " + folder.resolve("run"))
                .assertDone();
        // 25 sequences of 8 targets and one of 2: all batches but the last are full, so their loss is their mean.
        List<JsonNode> steps = program.events("step").subList(0, 6);
        double full = steps.stream().mapToDouble(step -> step.get("loss").asDouble() * 32).sum();
        JsonNode train = program.events("epoch").getFirst().get("train");
        double last = train.get("nll_sum").asDouble() - full;
        assertTrue(last > 0 && last < 10 * Math.log(SmallText.VOCABULARY) * 1.2, "last batch: " + last);
    }

    @Test
    void eachOfTheFirstStepsTellsItsOwnTime() {
        Program program = run("exp5 --json --run-dir " + folder.resolve("run")).assertDone();
        List<Double> seconds = program.events("step").stream().map(step -> step.get("seconds").asDouble()).limit(4)
                .toList();
        assertEquals(4, Set.copyOf(seconds).size(), "no two of them share a mean: " + seconds);
    }

    @Test
    void aRunFolderHoldsTheRun() throws IOException {
        Path run = folder.resolve("deep/run");
        Program program = run("exp9 --hidden-size 8 --log-every 5 --run-dir " + run).assertDone();
        try (var files = Files.list(run)) {
            assertEquals(List.of("best.safetensors", "config.json", "events.out.tfevents", "last.safetensors",
                    "metrics.jsonl"),
                    files.map(file -> file.getFileName().toString())
                            .map(name -> name.replaceFirst("tfevents.*", "tfevents")).sorted().toList());
        }
        assertEquals(List.of("start", "memory", "step", "epoch", "step", "step", "epoch", "evaluation", "end"),
                Files.readAllLines(run.resolve("metrics.jsonl")).stream().map(line -> line.split("\"")[3]).toList());
        assertTrue(program.out().contains("exp9: lstm, 2 layers, adamw; "), program.out());
        assertTrue(program.out().contains("Embeddings: no file was given, so they are learned from N(0, 0.02)"));
        assertTrue(program.out().lines().anyMatch(line -> line.matches("    2 +[\\d.]+ +[\\d.]+ +\\d+ s")));
        assertEquals("", program.err());
    }

    @Test
    void evaluateAgreesWithTheRun() {
        Program run = run("exp11 --json --run-dir " + folder.resolve("run")).assertDone();
        Program evaluation = Program
                .run("evaluate --device reference --sequence-length 8 --batch-size 4 --json --checkpoint",
                        folder.resolve("run/last.safetensors"), "--data", data)
                .assertDone();
        assertEquals(run.events("evaluation").getFirst(), evaluation.events("evaluation").getFirst());

        Program best = Program.run("evaluate --device reference --batch-size 4 --split validation --json --checkpoint",
                folder.resolve("run/best.safetensors"), "--data", data).assertDone();
        double lowest = run.events("epoch").stream().mapToDouble(e -> e.get("validation").get("nll_sum").asDouble())
                .min().getAsDouble();
        assertEquals(lowest, best.events("evaluation").getFirst().get("nll_sum").asDouble());
    }

    @Test
    void theBreakModeDecidesWhatIsATarget() {
        assertEquals(202, targets("none"));
        assertEquals(SmallText.TARGETS_OF_LINES, targets("lines"));
        // No two lines of 7 tokens fit into a sequence of 8.
        assertEquals(SmallText.TARGETS_OF_LINES, targets("complete --sequence-length 12"));
        // Two lines do fit into one of 14; of the 29 lines, the last is left alone.
        assertEquals(203 - 15, targets("complete --sequence-length 14"));
    }

    private int targets(String breakMode) {
        Program program = run("exp3 --hidden-size 8 --epochs 1 --json --break-mode " + breakMode + " --run-dir "
                + folder.resolve(breakMode.replace(' ', '-'))).assertDone();
        return program.events("epoch").getFirst().get("train").get("tokens").asInt();
    }

    @Test
    void frozenEmbeddingsStayAsTheFileHasThem() {
        float[] tokens = new float[SmallText.VOCABULARY * 12];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = (i % 7 - 3) / 8f;
        }
        new NpzWriter().add("tokens", NpyType.FLOAT16, tokens, SmallText.VOCABULARY, 12)
                .add("position", NpyType.FLOAT32, new float[9 * 12], 9, 12).writeTo(data.resolve("embeddings.npz"));
        Program frozen = run("exp5 --json --run-dir " + folder.resolve("frozen")).assertDone();
        assertTrue(frozen.err().contains("Embeddings: from " + data.resolve("embeddings.npz") + ", frozen"));
        Program learned = run("exp5 --learn-embeddings --json --run-dir " + folder.resolve("learned")).assertDone();
        JsonNode startUp = frozen.events("start").getFirst().get("start_up");
        assertEquals(Set.of("process", "data", "device", "model"),
                startUp.propertyStream().map(Map.Entry::getKey).collect(Collectors.toSet()));
        startUp.forEach(seconds -> assertTrue(seconds.asDouble() >= 0, startUp::toString));
        int tables = tokens.length + 8 * 12;
        assertEquals(frozen.events("start").getFirst().get("learned_parameters").asInt() + tables,
                learned.events("start").getFirst().get("learned_parameters").asInt());
        assertEquals(frozen.events("step").getFirst().get("loss"), learned.events("step").getFirst().get("loss"));
        assertFalse(frozen.events("step").getLast().get("loss").equals(learned.events("step").getLast().get("loss")));
    }

    @Test
    void initFromGivesTheExactWeights() {
        Program first = run("exp1 --hidden-size 8 --json --run-dir " + folder.resolve("first")).assertDone();
        Program second = Program.run("exp2 --device reference --sequence-length 8 --batch-size 4 --epochs 1 --json "
                + "--learn-embeddings --lr 0 --no-shuffle --init-from", folder.resolve("first/last.safetensors"),
                "--data", data, "--run-dir", folder.resolve("second")).assertDone();
        assertEquals(first.events("evaluation"), second.events("evaluation"));
    }

    @Test
    void withoutDataTheBuiltInCorpusIsUsedAndSaid() {
        Program program = Program
                .run("exp3 --device reference --embedding-width 4 --hidden-size 4 --sequence-length 16 "
                        + "--batch-size 2 --max-steps 1 --run-dir", folder.resolve("run"))
                .assertDone();
        assertTrue(program.out().contains("Data: the built-in corpus ("), program.out());
        assertTrue(program.out().contains("Epoch 1 was cut short"), program.out());
    }
}
