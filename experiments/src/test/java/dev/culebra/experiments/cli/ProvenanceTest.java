package dev.culebra.experiments.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culebra.experiments.files.Json;
import dev.culebra.experiments.run.SmallText;
import dev.culebra.runtime.Backends;
import dev.culebra.runtime.Precision;
import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A run's {@code config.json} tells with what it was made, and each continuation adds to that. */
class ProvenanceTest {
    private static final String RUN = "exp3 --hidden-size 8 ";

    @TempDir
    Path folder;
    private Path data;

    @BeforeEach
    void writeText() throws IOException {
        data = SmallText.in(Files.createDirectory(folder.resolve("the data")));
    }

    private Program run(int stopAt, String words) {
        AtomicInteger questions = new AtomicInteger();
        return Program.run(() -> stopAt > 0 && questions.incrementAndGet() >= stopAt, SmallText.run(words), "--data",
                data,
                "--run-dir", folder.resolve("run"));
    }

    private Path config() {
        return folder.resolve("run/config.json");
    }

    private JsonNode starts() throws IOException {
        return Json.mapper().readTree(config().toFile()).get("provenance");
    }

    @Test
    void tellsCommandVersionsMachineAndTime() throws IOException {
        Instant before = Instant.now().minusSeconds(1);
        run(0, RUN).assertDone();
        JsonNode start = starts().get(0);
        assertEquals(1, starts().size());
        assertEquals(0, start.get("step").asInt());
        assertEquals(
                "java -jar experiments.jar " + SmallText.run(RUN).replaceAll(" +", " ").strip() + " --data '" + data
                        + "' --run-dir " + folder.resolve("run"),
                start.get("command").asText());
        assertEquals(Runtime.version().toString(), start.get("java").asText());
        assertTrue(start.get("system").asText().startsWith(System.getProperty("os.name") + " "), start.toString());
        assertTrue(start.get("processor").asText().matches(".+, \\d+ processors? for Java"), start.toString());
        assertFalse(start.get("culebra").asText().isBlank());
        assertEquals("reference", start.get("device").asText());
        assertFalse(start.get("device-description").asText().isBlank());
        assertEquals(0, start.get("libraries").size());
        Instant started = Instant.parse(start.get("started").asText());
        assertTrue(!started.isBefore(before) && !started.isAfter(Instant.now()), started.toString());
    }

    @Test
    void tellsTheLibrariesOfTheProcessor() throws IOException {
        try {
            Backends.open("cpu", Precision.FP32).close();
        } catch (RuntimeException | LinkageError e) {
            Requirement.CPU.missing(String.valueOf(e.getMessage()));
        }
        run(0, RUN + "--max-steps 1 --device cpu").assertDone();
        JsonNode start = starts().get(0);
        String version = start.get("libraries").get("oneDNN").asText();
        assertTrue(version.matches("\\d+\\.\\d+.*"), version);
        assertTrue(start.get("device-description").asText().startsWith("oneDNN " + version), start.toString());
    }

    @Test
    void everyContinuationAddsItsOwn() throws IOException {
        run(5, RUN);
        ObjectNode config = (ObjectNode) Json.mapper().readTree(config().toFile());
        ((ObjectNode) config.get("provenance").get(0)).put("java", "24").put("device-description", "another card");
        Files.writeString(config(), config.toString());
        run(0, RUN + "--resume ").assertDone();
        assertEquals(List.of(0, 4), starts().findValues("step").stream().map(JsonNode::asInt).toList());
        assertEquals("24", starts().get(0).get("java").asText());
        assertEquals("another card", starts().get(0).get("device-description").asText());
        assertEquals(Runtime.version().toString(), starts().get(1).get("java").asText());
        assertTrue(starts().get(1).get("command").asText().contains(" --resume "), starts().toString());
        String finished = Files.readString(config());
        run(0, RUN + "--resume ").assertDone();
        assertEquals(finished, Files.readString(config()));
    }

    @Test
    void aRunOfBeforeThereWasAnyGoesOn() throws IOException {
        run(5, RUN);
        ObjectNode config = (ObjectNode) Json.mapper().readTree(config().toFile());
        config.remove("provenance");
        Files.writeString(config(), config.toString());
        run(0, RUN + "--resume ").assertDone();
        assertEquals(List.of(4), starts().findValues("step").stream().map(JsonNode::asInt).toList());
    }
}
