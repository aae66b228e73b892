package dev.culebra.tools.benchmarks.roofline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culebra.experiments.files.Json;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.standin.StandIn;
import dev.culebra.tools.benchmarks.Completeness;
import dev.culebra.tools.benchmarks.Measurements.Spread;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The program at sizes that mean nothing: everything is called, and everything is told. */
class RooflineBenchmarkTest {
    private static final Set<String> OPERATIONS = Set.of("linear", "attention", "layer norm", "lstm",
            "linear cross-entropy", "embedding", "dropout", "sum", "swap of heads", "conversion", "loss history",
            "gradient norm", "sgd", "momentum", "adam", "adamw");

    @TempDir
    private Path folder;

    @Test
    void referenceIsMeasuredWhole() throws IOException {
        assertEquals(0, run("--device", "reference"));
        assertWhole(1, "reference: plain Java");
        assertEquals(0, of(lines(), "missing").count(), this::page);
    }

    @Test
    void standInForAGpuIsMeasuredWholeAndNamed() throws IOException {
        StandIn.activate();
        assertEquals(0, run("--device", "cuda:0", "--precision", "bf16", "--commit", "abc"), this::page);
        List<JsonNode> lines = lines();
        assertWhole(1, "cuda:0: ");
        JsonNode setting = lines.getFirst();
        assertEquals("abc", setting.get("commit").asText());
        assertEquals(StandIn.isActive(), setting.get("stand_in").asBoolean());
        for (JsonNode line : lines) {
            assertEquals(setting.get("device"), line.get("device"));
            assertEquals(StandIn.isActive(), line.get("device").asText().contains("not a GPU"));
        }
        assertEquals(0, of(lines, "missing").count(), this::page);
        assertEquals("", StandIn.message());
        List<JsonNode> steps = of(lines, "result").filter(line -> line.get("pass").asText().equals("step")).toList();
        steps.forEach(step -> assertTrue(step.get("device_memory_bytes").asLong() > 0, step::toString));
    }

    @Test
    void whatADeviceCannotIsToldAndTheRestIsMeasured() throws IOException {
        assertEquals(1, run("--device", "cpu", "--precision", "fp32,tf32"), this::page);
        List<JsonNode> missing = of(lines(), "missing").toList();
        assertEquals(1, missing.size(), missing::toString);
        assertEquals("tf32", missing.getFirst().get("precision").asText());
        assertTrue(missing.getFirst().get("reason").asText().contains("the cpu computes in fp32 or bf16"));
        assertWhole(1, "cpu: oneDNN");
    }

    @Test
    void memoryHasOneCeilingInAllPrecisions() throws IOException {
        // Not every processor has bf16; where it is missing, one ceiling is one.
        run("--device", "cpu", "--precision", "bf16,fp32");
        assertEquals(1, of(lines(), "ceiling").map(line -> line.get("bytes_per_second")).distinct().count());
    }

    @Test
    void whatIsAskedForAloneIsMeasured() throws IOException {
        assertEquals(0, run("--device", "reference", "--only", "exp1", "--only", "linear cross-entropy", "--only",
                "lstm, layers: 2"), this::page);
        assertEquals(Set.of("exp1", "linear cross-entropy", "lstm"), of(lines(), "result")
                .map(line -> line.get("operation").asText()).collect(Collectors.toSet()));
        assertTrue(of(lines(), "result").filter(line -> line.get("operation").asText().equals("lstm"))
                .allMatch(line -> line.get("sizes").asText().endsWith(", 2 layers")), this::page);
    }

    @Test
    void whatIsNotKnownIsRefused() throws IOException {
        assertEquals(2, run("--device", "reference", "--only", "exp"));
        assertEquals(2, run("--device", "reference", "--precision", "fp99"));
        assertEquals(2, run("--devise", "reference"));
        Path file = Files.createFile(folder.resolve("a file"));
        assertEquals(2, RooflineBenchmark.run("--small", "--device", "reference", "--out", file.toString()));
    }

    @Test
    void aRunWithoutTimeForAnythingFailsAndSaysWhatIsMissing() throws IOException {
        assertEquals(1, run("--device", "reference", "--seconds", "0"));
        JsonNode missing = of(lines(), "missing").findFirst().orElseThrow();
        assertEquals("everything", missing.get("what").asText());
        assertEquals("the time was over", missing.get("reason").asText());
        assertTrue(page().endsWith("Not measured:\n\n- everything, fp64: the time was over\n"), page());
    }

    @Test
    void someOfTheResultsArePartialAndOnThePageAtOnce() {
        Results results = new Results(folder);
        Ceilings ceilings = new Ceilings(4e12, 1e10);
        results.add(Line.Ceiling.of("card", Precision.BF16, ceilings));
        results.add(new Line.Missing("card", "exp12", Precision.BF16, "the time was over"));
        assertEquals(1, results.completeness(false).exitCode(), "a ceiling alone is no result");
        results.add(Line.Result.of("card", Precision.BF16, new Call("sum", "add", "all", new Work(1, 1), () -> {}),
                new Timer.Timing(new Spread(2, 1, 4), 5, 1), ceilings, OptionalLong.empty()));
        assertTrue(page().contains("| sum | add |"), page());
        assertEquals(Completeness.PARTIAL, results.completeness(false).exitCode());
        assertEquals(1, results.completeness(true).exitCode());
        assertEquals("missing: exp12 in bf16\n", results.completeness(false).line());
    }

    @Test
    void pageHasARowForEachResult() {
        Call call = new Call("linear", "forward", "2 x 3 to 4", new Work(4e9, 2e6), () -> {});
        Call step = new Call("exp1", "step", "lstm", new Work(4e12, 2e9), () -> {});
        Timer.Timing timing = new Timer.Timing(new Spread(2e-3, 1e-3, 4e-3), 5, 10);
        Ceilings ceilings = new Ceilings(4e12, 1e10);
        String page = Page.of(List.of(Line.Ceiling.of("card", Precision.BF16, ceilings),
                Line.Result.of("card", Precision.BF16, step, new Timer.Timing(new Spread(2, 1, 4), 5, 1), ceilings,
                        OptionalLong.of(123_000_000)),
                Line.Result.of("card", Precision.BF16, call, timing, ceilings, OptionalLong.empty())));
        assertEquals(List.of("| bf16 | 4.0 | 10.0 |",
                "| exp1 | lstm | bf16 | 2000 | 1000 | 4000 | 4000 | 2.0 | 50 % | 123 |",
                "| linear | forward | 2 x 3 to 4 | bf16 | 2000 | 1000 | 4000 | 4.0 | 2.0 | 2.0 | 1.0 | arithmetic | 50 % |"),
                page.lines().filter(line -> line.contains("| bf16 |") || line.startsWith("| bf16")).toList());
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--small", "--out", folder.toString()));
        return RooflineBenchmark.run(all.toArray(String[]::new));
    }

    private void assertWhole(int precisions, String device) throws IOException {
        List<JsonNode> lines = lines();
        assertEquals("setting", lines.getFirst().get("kind").asText());
        assertTrue(lines.getFirst().get("device").asText().startsWith(device), lines.getFirst()::toString);
        assertEquals(precisions, of(lines, "ceiling").count());
        List<JsonNode> results = of(lines, "result").toList();
        Set<String> measured = results.stream().map(line -> line.get("operation").asText())
                .collect(Collectors.toSet());
        assertTrue(measured.containsAll(OPERATIONS), measured::toString);
        Measurement.RUNS.forEach(run -> assertTrue(measured.contains(run.toString()), run::toString));
        for (JsonNode line : results) {
            assertTrue(line.get("seconds").asDouble() > 0, line::toString);
            assertTrue(line.get("seconds_lowest").asDouble() <= line.get("seconds_highest").asDouble(),
                    line::toString);
            assertTrue(line.get("bytes").asDouble() > 0, line::toString);
            assertTrue(line.get("share").asDouble() > 0, line::toString);
        }
        long rows = page().lines().filter(line -> line.startsWith("| ") && !line.startsWith("| ---")).count();
        assertEquals(3 + precisions + results.size(), rows);
    }

    private static Stream<JsonNode> of(List<JsonNode> lines, String kind) {
        return lines.stream().filter(line -> line.get("kind").asText().equals(kind));
    }

    private List<JsonNode> lines() throws IOException {
        return Files.readAllLines(folder.resolve("bench.jsonl")).stream().map(RooflineBenchmarkTest::json).toList();
    }

    private static JsonNode json(String line) {
        try {
            return Json.mapper().readTree(line);
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }

    private String page() {
        try {
            return Files.readString(folder.resolve("bench.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
