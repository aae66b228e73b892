package dev.culebra.tools.benchmarks.training;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culebra.experiments.files.Json;
import dev.culebra.experiments.launcher.StartUpCache;
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
        assertEquals(Set.copyOf(FirstStep.PHASES), line.get("phases").get(0).propertyStream().map(Map.Entry::getKey)
                .collect(Collectors.toSet()));
        double phases = line.get("phases").get(0).valueStream().mapToDouble(JsonNode::asDouble).sum();
        double told = line.get("seconds").get(0).asDouble() + line.get("phases").get(0).get("first step").asDouble();
        // The JVM tells its own age in thousandths of a second.
        assertTrue(phases > 0 && phases <= told + 0.001, line::toString);
        List<String> page = Files.readAllLines(folder.resolve("start.md"));
        assertEquals(1, page.stream().filter(row -> row.startsWith("| exp3 | fp32 | 1 | ")).count());
        assertEquals(1, page.stream().filter(row -> row.startsWith("| exp3 | there is none | ")).count());
    }

    @Test
    void processesThatFailAndTimeForNoneAreFailures() {
        assertEquals(1, run("--runs", "exp99"));
        assertEquals(1, run("--seconds", "0"));
    }

    /** A cache that does not fit is left aside, but is there. */
    @Test
    void startsWithTheCacheAndWithoutAreMeasuredInTurns() throws IOException {
        Path jar = programWithoutCache();
        assertEquals(2, measure(jar.toString(), "--compare-cache"));
        Files.writeString(StartUpCache.file(jar.toString(), System.getProperty("java.version")).toPath(), "a cache");
        assertEquals(0, measure(jar.toString(), "--runs", "exp3", "--starts", "2", "--compare-cache"));
        JsonNode line = Json.mapper().readTree(Files.readString(folder.resolve("start.jsonl")));
        assertEquals(2, line.get("seconds").size());
        assertEquals(2, line.get("secondsWithoutCache").size());
        assertTrue(Files.readString(folder.resolve("start.md"))
                .contains(" | seconds without cache | without / with cache |"));
        assertTrue(Files.readString(folder.resolve("start.md")).contains("| exp3 | without |"));
    }

    /** A jar that is nothing but the class path of this test. */
    private Path programWithoutCache() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH,
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(entry -> Path.of(entry).toUri().toString()).collect(Collectors.joining(" ")));
        Path jar = folder.resolve("program.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }

    private int run(String... arguments) {
        return measure(System.getProperty("java.class.path"), arguments);
    }

    private int measure(String program, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--program", program, "--device", "reference", "--small",
                "--precision", "fp32", "--out", folder.toString()));
        return FirstStepTime.run(all.toArray(String[]::new));
    }
}
