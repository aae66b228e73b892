package dev.culebra.tools.benchmarks.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culebra.experiments.data.NpyType;
import dev.culebra.experiments.data.NpzWriter;
import dev.culebra.experiments.data.SplitName;
import dev.culebra.experiments.files.Json;
import dev.culebra.nn.checkpoint.SafetensorsWriter;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TrainingCheckTest {
    @TempDir
    private Path folder;

    @Test
    void runsOfOneSeedAreIdenticalAndTold() throws IOException {
        assertEquals(0, run("--runs", "exp1,exp5", "--precision", "fp32"));
        List<JsonNode> lines = lines();
        assertEquals(List.of("exp1", "exp5"), lines.stream().map(line -> line.get("run").asText()).toList());
        for (JsonNode line : lines) {
            assertEquals("IDENTICAL", line.get("outcome").asText(), line::toString);
            assertEquals("reference", line.get("device").asText());
            assertEquals(2, line.get("losses").size());
            assertEquals(Math.exp(line.get("losses").get(1).asDouble()), line.get("perplexity").asDouble());
            assertTrue(line.get("tokens_per_second").asDouble() > 0);
        }
        assertEquals(4, Files.readAllLines(folder.resolve("train.md")).stream().filter(line -> line.startsWith("|"))
                .count());
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of("train.jsonl", "train.md"),
                    left.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void aRunThatFailsIsToldAndTheOthersAreMade() throws IOException {
        assertEquals(1, run("--runs", "exp1", "--precision", "fp99,fp32"));
        assertEquals(List.of("FAILED", "IDENTICAL"),
                lines().stream().map(line -> line.get("outcome").asText()).toList());
    }

    @Test
    void aCheckWithoutTimeForAnyRunFailsAndSaysSo() throws IOException {
        assertEquals(1, run("--runs", "exp1", "--precision", "fp32", "--seconds", "0"));
        assertEquals("CUT", lines().getFirst().get("outcome").asText());
        assertTrue(Files.readString(folder.resolve("train.md")).endsWith("| cut: the time was over |\n"));
    }

    @Test
    void runsThatAreMadeOnceGoThroughTheirEpochsAndHaveATestPerplexity() throws IOException {
        assertEquals(0, run("--runs", "exp3", "--precision", "fp32", "--once", "--name", "study", "--epochs", "1",
                "--data", smallText().toString()));
        JsonNode line = Json.mapper().readTree(Files.readString(folder.resolve("study.jsonl")));
        assertEquals("DONE", line.get("outcome").asText(), line::toString);
        assertTrue(line.get("test_perplexity").asDouble() > 1);
        assertTrue(line.get("seconds").asDouble() > 0);
        assertTrue(Files.readString(folder.resolve("study.md")).endsWith("| done |\n"));
    }

    @Test
    void checkpointsAreComparedBitByBit() throws IOException {
        Path file = checkpoint("a", Map.of("w", new double[] {0, 1, Double.NaN}));
        assertEquals(List.of(), CheckpointComparison.differences(file, file));
        assertEquals(List.of("w"), CheckpointComparison.differences(file,
                checkpoint("b", Map.of("w", new double[] {-0.0, 1, Double.NaN}))));
        assertEquals(List.of("w"),
                CheckpointComparison.differences(file, checkpoint("c", Map.of("w", new double[] {0, 1}))));
        assertEquals(List.of("w", "v"),
                CheckpointComparison.differences(file, checkpoint("d", Map.of("v", new double[] {0, 1}))));
    }

    @Test
    void stepsAreReadAmongOtherLines() {
        ShortRun run = ShortRun.of("""
                Device: something
                {"event":"start","step":0}
                {"event":"step","step":1,"loss":2.5,"tokens_per_second":10.0}
                {"event":"step","step":2,"loss":0.0,"tokens_per_second":30.0}
                {"event":"evaluation","split":"test","perplexity":7.5}
                {"event":"end","step":2}
                """, 3, folder);
        assertEquals(2, run.steps());
        assertEquals(7.5, run.testPerplexity().orElseThrow());
        assertEquals(List.of(2.5, 0.0), run.losses());
        assertEquals(1, run.perplexity());
        assertEquals(30, run.highestTokensPerSecond());
        assertThrows(IllegalStateException.class, () -> ShortRun.of("nothing\n", 3, folder));
    }

    @Test
    void whatDiffersIsAFailure() {
        ShortRun run = new ShortRun(20, List.of(2.0, 1.0), List.of(9.0, 7.0), OptionalDouble.empty(), 3, folder);
        TrainingResult same = TrainingResult.of("card", "exp1", "bf16", run, TrainingResult.Outcome.IDENTICAL, "");
        assertFalse(same.isFailure());
        assertEquals(List.of("exp1", "bf16", "20", "2.0000", "1.0000", "2.7", "", "7.0", "3.0", "identical"),
                same.cells());
        TrainingResult different = TrainingResult.of("card", "exp1", "bf16", run, TrainingResult.Outcome.DIFFERENT,
                "the losses, w");
        assertTrue(different.isFailure());
        assertEquals("different: the losses, w", different.cells().getLast());
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--program", System.getProperty("java.class.path"), "--device", "reference", "--small",
                "--steps", "2", "--log-every", "1", "--out", folder.toString()));
        return TrainingCheck.run(all.toArray(String[]::new));
    }

    private Path smallText() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        for (SplitName split : SplitName.values()) {
            int[] tokens = IntStream.range(0, 200).map(i -> 1 + i % 10).toArray();
            new NpzWriter().add("tokens", NpyType.UINT16, tokens)
                    .add("sizes", NpyType.INT64, new int[] {tokens.length})
                    .add("vocabulary_size", NpyType.INT64, new int[] {11})
                    .writeTo(data.resolve("wiki." + split + ".npz"));
        }
        return data;
    }

    private List<JsonNode> lines() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("train.jsonl"))) {
            lines.add(Json.mapper().readTree(line));
        }
        return lines;
    }

    private Path checkpoint(String name, Map<String, double[]> values) throws IOException {
        Path file = folder.resolve(name);
        try (Backend backend = new ReferenceBackend()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            values.forEach((tensor, numbers) -> {
                Tensor made = backend.allocate(backend.parameterType(), Shape.of(numbers.length));
                made.set(numbers);
                tensors.put(tensor, made);
            });
            SafetensorsWriter.write(file, Map.of(), tensors);
        }
        return file;
    }
}
