package dev.culebra.tools.benchmarks.results;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.culebra.experiments.files.Json;

/**
 * The recordings of a part of the benchmarks, one of each machine, in the folder {@code results} of a module: numbers as JSON, and
 * a chart of them.
 *
 * @param module the folder of the module, with the page
 * @param part the part's name
 */
public record Recordings(Path module, String part) {
    private static final String ENDING = ".json";

    /** Writes a recording and its chart, in place of an earlier one of that machine. */
    public void keep(Recording recording) {
        try {
            Files.createDirectories(folder());
            Files.writeString(folder().resolve(recording.slug() + ENDING),
                    Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(recording) + "\n");
            Files.writeString(folder().resolve(chart(recording)), RatioChart.svg(recording));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What the page says: for each machine its chart, its tables and its notes. */
    public String markdown() {
        return all().stream()
                .map(recording -> "### " + recording.machine() + "\n\n![" + part + "](results/" + part + "/"
                        + chart(recording) + ")\n\n" + recording.markdown())
                .collect(Collectors.joining("\n"));
    }

    private List<Recording> all() {
        try (Stream<Path> files = Files.list(folder())) {
            return files.filter(file -> file.toString().endsWith(ENDING)).sorted().map(Recordings::read).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Recording read(Path file) {
        try {
            return Json.mapper().readValue(file.toFile(), Recording.class);
        } catch (IOException failure) {
            throw new UncheckedIOException(file + " is no recording: " + failure.getMessage(), failure);
        }
    }

    private static String chart(Recording recording) {
        return recording.slug() + ".svg";
    }

    private Path folder() {
        return module.resolve("results").resolve(part);
    }
}
