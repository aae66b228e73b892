package dev.culebra.tools.benchmarks.roofline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import dev.culebra.experiments.files.Json;
import dev.culebra.tools.benchmarks.Completeness;

/**
 * A folder of results: {@code bench.jsonl}, a line for each, and {@code bench.md}, the page. Both have a result as soon as it is
 * there, so that a run that is cut off leaves what it had.
 */
final class Results {
    private final Path folder;
    private final List<Line> lines = new ArrayList<>();

    /** Empties the folder of earlier results. */
    Results(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
            Files.write(file(), new byte[0]);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Path file() {
        return folder.resolve("bench.jsonl");
    }

    void add(Line line) {
        lines.add(line);
        try {
            Files.writeString(file(), Json.mapper().writeValueAsString(line) + "\n", StandardOpenOption.APPEND);
            Files.writeString(folder.resolve("bench.md"), page());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** How much of it there is; a ceiling alone is no result. */
    Completeness completeness(boolean failed) {
        return new Completeness(failed, (int) lines.stream().filter(Line.Result.class::isInstance).count(),
                lines.stream().filter(Line.Missing.class::isInstance).map(Line.Missing.class::cast)
                        .map(line -> line.what() + " in " + line.precision().label()).toList());
    }

    /** All lines so far. */
    List<Line> lines() {
        return List.copyOf(lines);
    }

    /** The page, as {@code bench.md} has it. */
    String page() {
        return Page.of(lines);
    }
}
