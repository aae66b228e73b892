package dev.culebra.experiments.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.culebra.experiments.data.SplitName;
import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.failure.RunFailedException;
import dev.culebra.runtime.Precision;
import dev.culebra.testing.AnotherJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MetricsFileTest {
    private static final List<Event> EVENTS = List.of(
            new Event.Start("exp1", 0, 2, 2, 5, "reference", Precision.FP64, "text", "learned",
                    Optional.of(new Event.StartUp(0.5, 0.25, 1, 2))),
            new Event.Step(1, 1, 0.1, 100, 0.5), new Event.Step(2, 1, Double.NaN, Double.POSITIVE_INFINITY, 0.25),
            new Event.Epoch(1, 2, Measurement.of(30, 10), Measurement.of(20, 10), 0.75, 1L << 40, Optional.empty()),
            new Event.Epoch(2, 4, Measurement.of(30, 10), Measurement.of(20, 10), 0.75, 1L << 40,
                    Optional.of(new Event.DeviceMemory(1, 2, "a meter"))),
            new Event.MemoryPlan(1, 2, 3, 4, 5, 6, 21),
            new Event.Evaluation(SplitName.TEST, Measurement.of(1, 3)), new Event.End(2, 1.5, 7));

    private static final List<Event> ALL_BUT_LAST = EVENTS.subList(0, EVENTS.size() - 1);

    @TempDir
    Path folder;

    private Path written() {
        Path file = folder.resolve("metrics.jsonl");
        try (MetricsFile metrics = new MetricsFile(file)) {
            EVENTS.forEach(metrics::event);
        }
        return file;
    }

    @Test
    void everyEventIsReadBackAsItWas() {
        assertEquals(EVENTS, MetricsFile.read(written()));
    }

    /** As the program wrote it before it told this. */
    @Test
    void aStartWithoutItsTimesIsRead() throws IOException {
        Path file = written();
        String told = Files.readString(file);
        Files.writeString(file, told.replaceFirst(",\"start_up\":\\{[^}]*}", ""));
        assertEquals(Optional.empty(),
                Event.all(MetricsFile.read(file), Event.Start.class).getFirst().startUp());
    }

    @Test
    void linesHaveTheNamesOfTheContract() throws IOException {
        List<String> lines = Files.readAllLines(written());
        assertTrue(lines.get(0).endsWith("\"start_up\":{\"process\":0.5,\"data\":0.25,\"device\":1.0,\"model\":2.0}}"),
                lines.get(0));
        assertEquals(
                "{\"event\":\"step\",\"step\":1,\"epoch\":1,\"loss\":0.1,\"tokens_per_second\":100.0,\"seconds\":0.5}",
                lines.get(1));
        assertEquals(
                "{\"event\":\"epoch\",\"epoch\":1,\"step\":2,\"train\":{\"loss\":3.0,\"perplexity\":20.085536923187668,"
                        + "\"nll_sum\":30.0,\"tokens\":10},\"validation\":{\"loss\":2.0,\"perplexity\":7.38905609893065,"
                        + "\"nll_sum\":20.0,\"tokens\":10},\"seconds\":0.75,\"peak_memory_bytes\":1099511627776}",
                lines.get(3));
        assertEquals("{\"event\":\"evaluation\",\"split\":\"test\",\"loss\":0.3333333333333333,\"perplexity\":"
                + "1.3956124250860895,\"nll_sum\":1.0,\"tokens\":3}", lines.get(6));
        assertTrue(lines.get(4).endsWith(
                "\"device_memory\":{\"mean_bytes\":1,\"peak_bytes\":2,\"source\":\"a meter\"}}"), lines.get(4));
        assertEquals("{\"event\":\"memory\",\"parameters\":1,\"gradients\":2,\"optimizer_state\":3,"
                + "\"activations\":4,\"batches\":5,\"workspace\":6,\"total\":21}", lines.get(5));
    }

    @Test
    void aLineIsInTheFileAsSoonAsItWasHeard() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        try (MetricsFile metrics = new MetricsFile(file)) {
            metrics.event(EVENTS.get(1));
            assertTrue(Files.readString(file).endsWith("}\n"));
        }
    }

    @Test
    void whatComesAfterTheEventsThatAreKeptIsForgotten() throws IOException {
        Path file = written();
        try (MetricsFile metrics = new MetricsFile(file)) {
            metrics.keep(3);
            metrics.event(EVENTS.getLast());
        }
        assertEquals(List.of(EVENTS.get(0), EVENTS.get(1), EVENTS.get(2), EVENTS.getLast()), MetricsFile.read(file));
    }

    @Test
    void aLineCutShortIsNoEvent() throws IOException {
        Path file = written();
        String text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.length() - 10));
        assertEquals(ALL_BUT_LAST, MetricsFile.read(file));
        try (MetricsFile metrics = new MetricsFile(file)) {
            assertEquals(ALL_BUT_LAST, metrics.events());
            metrics.keep(ALL_BUT_LAST.size());
            metrics.event(EVENTS.getLast());
        }
        assertEquals(EVENTS, MetricsFile.read(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "garbage", "\0\0\0", "{\"event\":\"unknown\"}",
        "{\"event\":\"step\",\"step\":\"x\"}"})
    void aLineThatIsNoEventIsDamageAndNotTheEnd(String damage) throws IOException {
        Path file = written();
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.set(2, damage);
        Files.write(file, lines);
        String message = file + ": line 3 is no event of a run; restore the file, or start a new run in another "
                + "--run-dir";
        assertEquals(message, assertThrows(BadInputException.class, () -> MetricsFile.read(file)).getMessage());
        try (MetricsFile metrics = new MetricsFile(file)) {
            assertEquals(message,
                    assertThrows(BadInputException.class, metrics::events).getMessage());
        }
        assertEquals(lines, Files.readAllLines(file));
    }

    @Test
    void twoRunsCannotWriteOneFile() {
        Path file = written();
        try (MetricsFile first = new MetricsFile(file)) {
            BadInputException e = assertThrows(BadInputException.class, () -> new MetricsFile(file));
            assertEquals("another run is writing to " + file + "; wait for it, or choose another folder with --run-dir",
                    e.getMessage());
            first.event(EVENTS.getFirst());
        }
    }

    @Test
    void anotherProcessCannotWriteIt() throws IOException, InterruptedException {
        Path file = written();
        try (MetricsFile metrics = new MetricsFile(file)) {
            metrics.event(EVENTS.getFirst());
            ProcessBuilder another = AnotherJvm.of(LockMain.class);
            another.command().add(file.toString());
            assertEquals("locked by another\n", AnotherJvm.output(another));
        }
    }

    @Test
    void anUnwritableFileIsOneClearLine() {
        Path file = folder.resolve("none/metrics.jsonl");
        assertEquals("cannot write " + file + " (its folder does not exist); free space there, or choose a folder that "
                + "can be written",
                assertThrows(RunFailedException.class, () -> new MetricsFile(file)).getMessage());
    }
}
