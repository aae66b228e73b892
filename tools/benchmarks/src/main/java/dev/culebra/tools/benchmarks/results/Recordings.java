package dev.culebra.tools.benchmarks.results;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.culebra.experiments.files.Json;
import dev.culebra.experiments.report.chart.Drawings;

/**
 * The recordings of a part of the benchmarks, one of each machine, in the folder {@code results} of a module: numbers as JSON, and
 * a chart of them.
 *
 * @param module the folder of the module, with the page
 * @param part the part's name
 * @param type of its recordings
 * @param <T> the same
 */
public record Recordings<T extends Recorded>(Path module, String part, Class<T> type) {
    private static final String ENDING = ".json";

    /** Writes a recording and its chart, in place of an earlier one of that machine. */
    public void keep(T recording) {
        try {
            Files.createDirectories(folder());
            Files.writeString(folder().resolve(recording.slug() + ENDING),
                    Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(recording) + "\n");
            Files.writeString(folder().resolve(chart(recording)), new Drawings().svg(recording.figure()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What the page says, for each machine its chart, its tables and its notes; nothing if nothing is kept. */
    public Optional<String> markdown() {
        return all().stream()
                .map(recording -> "### " + recording.machine() + "\n\n![" + part + "](results/" + part + "/"
                        + chart(recording) + ")\n\n" + recording.markdown())
                .reduce((one, next) -> one + "\n" + next);
    }

    private List<T> all() {
        if (!Files.isDirectory(folder())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder())) {
            return files.filter(file -> file.toString().endsWith(ENDING)).sorted().map(this::read).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private T read(Path file) {
        try {
            return Json.mapper().readValue(file.toFile(), type);
        } catch (IOException failure) {
            throw new UncheckedIOException(file + " is no recording: " + failure.getMessage(), failure);
        }
    }

    private static String chart(Recorded recording) {
        return recording.slug() + ".svg";
    }

    private Path folder() {
        return module.resolve("results").resolve(part);
    }
}
