package dev.culebra.tools.benchmarks.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culebra.experiments.files.Json;
import dev.culebra.tools.benchmarks.Circumstances;
import dev.culebra.tools.benchmarks.Measurements;
import dev.culebra.tools.benchmarks.Subprocess;
import dev.culebra.tools.benchmarks.results.Comparisons;
import dev.culebra.tools.benchmarks.results.Recording;

/** The study beside PyTorch itself: {@code tools/parity/speed.py}, which starts both programs in turns. */
public final class TwinCosts {
    private static final String SCRIPT = "tools/parity/speed.py";

    private TwinCosts() {}

    /**
     * Why there is nothing to measure, if so.
     *
     * @param root the project's folder
     * @param data the study's text, if it is given
     */
    public static Optional<String> missing(Path root, Optional<Path> data) {
        if (data.isEmpty()) {
            return Optional.of("--data=DIR is to say where the study's text is");
        }
        if (!Files.exists(program(root))) {
            return Optional.of("experiments.jar is not built: ./mvnw -q package -DskipTests");
        }
        return hasTorch(root)
                ? Optional.empty()
                : Optional.of("there is no Python with PyTorch (tools/parity/requirements.txt)");
    }

    /** Where the finished program lies once it is built. */
    public static Path program(Path root) {
        return root.resolve("experiments/target/experiments.jar");
    }

    private static boolean hasTorch(Path root) {
        try {
            return Subprocess.run(List.of(python(root), "-c", "import torch, safetensors")).exitCode() == 0;
        } catch (UncheckedIOException noPython) {
            return false;
        }
    }

    /** That of a virtual environment in the project, else what the path has. */
    private static String python(Path root) {
        Path ofProject = root.resolve(".venv/bin/python");
        return Files.isExecutable(ofProject) ? ofProject.toString() : "python3";
    }

    /**
     * Measures, and tells the progress.
     *
     * @param command what was asked for
     */
    public static Recording measure(Path root, Path data, int rounds, String command, Consumer<String> progress) {
        try {
            Path numbers = Files.createTempFile("culebra-twin", ".json");
            try {
                Subprocess.run(
                        List.of(python(root), root.resolve(SCRIPT).toString(), "--data", data.toString(), "--runs",
                                "exp1,exp5,exp12", "--rounds", String.valueOf(rounds), "--json", numbers.toString()),
                        line -> progress.accept("pytorch: " + line)).success();
                return recording(Circumstances.machine(), command, Json.mapper().readTree(numbers.toFile()));
            } finally {
                Files.deleteIfExists(numbers);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What the script wrote. */
    static Recording recording(String machine, String command, JsonNode written) {
        List<String> programs = new ArrayList<>();
        written.get("programs").forEach(program -> programs.add(program.asText().toLowerCase(Locale.ROOT)));
        Measurements seconds = new Measurements();
        Measurements peaks = new Measurements();
        for (JsonNode row : written.get("rows")) {
            String name = row.get("run").asText() + ", " + row.get("precision").asText();
            for (int program = 0; program < programs.size(); program++) {
                add(seconds, "step of " + name, programs.get(program), row.get("seconds").get(program));
                add(peaks, "peak of " + name, programs.get(program), row.get("peak_bytes").get(program));
            }
        }
        return new Recording(machine,
                "On " + written.get("circumstances").asText() + " `" + command + "`.", List.of(),
                List.of(new Comparisons("Time of a training step", programs.subList(0, 1), programs.getLast(), "s", 1,
                        seconds.toMap()),
                        new Comparisons("Memory of a process", programs.subList(0, 1), programs.getLast(), "GB", 1e9,
                                peaks.toMap())));
    }

    private static void add(Measurements measurements, String row, String way, JsonNode rounds) {
        rounds.forEach(round -> measurements.add(row, way, round.asDouble()));
    }
}
