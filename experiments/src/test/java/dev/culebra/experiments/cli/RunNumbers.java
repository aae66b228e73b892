package dev.culebra.experiments.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What of a run's metrics is the same however often it is made. */
final class RunNumbers {
    private RunNumbers() {}

    /** What decides a run's numbers, of each event; its times and its memory are its own. */
    static List<String> of(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .filter(line -> !line.matches("\\{\"event\":\"(start|memory)\".*"))
                .map(line -> line.replaceAll("\"(seconds|tokens_per_second|peak_memory_bytes)\":[\\d.E-]+", ""))
                .map(line -> line.replaceAll("\"device_memory\":\\{[^}]*}", ""))
                .toList();
    }
}
