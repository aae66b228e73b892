package dev.culebra.experiments.report.runs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.files.Json;
import dev.culebra.experiments.run.RunDirectory;

/**
 * The runs of a folder.
 *
 * @param runs those that could be read
 * @param damaged what is wrong with the others, a line for each
 */
public record RunFolders(List<RecordedRun> runs, List<String> damaged) {
    /** What of a start is told once for all runs; when it was and by which command is each run's own. */
    private static final Map<String, String> CIRCUMSTANCES = Map.of("culebra", "Culebra", "java", "Java", "system",
            "System", "processor", "Processor", "device-description", "Device");

    /**
     * Reads the run in {@code folder}, or all runs in the folders in it.
     *
     * @throws BadInputException if there is none that can be read
     */
    public static RunFolders read(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new BadInputException("the folder of runs " + folder + (Files.exists(folder)
                    ? " is a file"
                    : " does not exist") + "; name the folder that --run-dir named, such as runs");
        }
        List<RecordedRun> runs = new ArrayList<>();
        List<String> damaged = new ArrayList<>();
        for (Path candidate : candidates(folder)) {
            String name = String.valueOf(candidate.toAbsolutePath().normalize().getFileName());
            try {
                runs.add(run(name, new RunDirectory(candidate)));
            } catch (BadInputException e) {
                damaged.add(name + ": " + e.getMessage());
            }
        }
        if (runs.isEmpty()) {
            throw new BadInputException(damaged.isEmpty()
                    ? folder + " holds no run (a folder with config.json and metrics.jsonl); make one with 'exp1', or all "
                            + "with 'all'"
                    : "none of the runs in " + folder + " can be read: " + damaged.getFirst());
        }
        return new RunFolders(runs, damaged);
    }

    private static List<Path> candidates(Path folder) {
        if (looksLikeRun(folder)) {
            return List.of(folder);
        }
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(RunFolders::looksLikeRun).sorted().toList();
        } catch (IOException e) {
            throw new BadInputException("the folder of runs " + folder + " cannot be read (" + e.getMessage()
                    + "); check its permissions", e);
        }
    }

    private static boolean looksLikeRun(Path folder) {
        RunDirectory directory = new RunDirectory(folder);
        return Files.exists(directory.config()) || Files.exists(directory.metrics());
    }

    private static RecordedRun run(String name, RunDirectory directory) {
        JsonNode json = configuration(directory.config());
        if (!Files.exists(directory.metrics())) {
            throw new BadInputException("metrics.jsonl is missing");
        }
        return new RecordedRun(name, RecordedSettings.of(json, name), circumstances(json), directory.events());
    }

    private static JsonNode configuration(Path file) {
        if (!Files.exists(file)) {
            throw new BadInputException("config.json is missing");
        }
        try {
            JsonNode json = Json.mapper().readTree(file.toFile());
            if (!json.isObject()) {
                throw new BadInputException("config.json holds no settings");
            }
            return json;
        } catch (IOException e) {
            throw new BadInputException("config.json cannot be read (" + e.getMessage().lines().findFirst().orElse("")
                    + ")", e);
        }
    }

    /** With what and on what the run was made; all values, where it was continued with others. */
    private static Map<String, String> circumstances(JsonNode json) {
        Map<String, Set<String>> values = new TreeMap<>();
        for (JsonNode start : json.path("provenance")) {
            CIRCUMSTANCES.forEach((key, name) -> add(values, name, start.path(key)));
            start.path("libraries").properties()
                    .forEach(library -> add(values, library.getKey(), library.getValue()));
        }
        Map<String, String> words = new TreeMap<>();
        values.forEach((name, different) -> words.put(name, String.join(", then ", different)));
        return words;
    }

    private static void add(Map<String, Set<String>> values, String name, JsonNode value) {
        if (value.isTextual()) {
            values.computeIfAbsent(name, _ -> new LinkedHashSet<>()).add(value.textValue());
        }
    }
}
