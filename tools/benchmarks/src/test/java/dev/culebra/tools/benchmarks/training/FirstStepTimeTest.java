package dev.culebra.tools.benchmarks.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culebra.experiments.files.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FirstStepTimeTest {
    @TempDir
    private Path folder;

    @Test
    void startsAreMeasuredButForTheFirst() throws IOException {
        assertEquals(0, run("--runs", "exp3", "--starts", "1"));
        JsonNode line = Json.mapper().readTree(Files.readString(folder.resolve("start.jsonl")));
        assertEquals("exp3", line.get("run").asText());
        assertEquals(1, line.get("seconds").size());
        assertTrue(line.get("seconds").get(0).asDouble() > 0, line::toString);
        assertEquals(1, Files.readAllLines(folder.resolve("start.md")).stream()
                .filter(row -> row.startsWith("| exp3 | fp32 | 1 | ")).count());
    }

    @Test
    void processesThatFailAndTimeForNoneAreFailures() {
        assertEquals(1, run("--runs", "exp99"));
        assertEquals(1, run("--seconds", "0"));
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--program", System.getProperty("java.class.path"), "--device", "reference", "--small",
                "--precision", "fp32", "--out", folder.toString()));
        return FirstStepTime.run(all.toArray(String[]::new));
    }
}
