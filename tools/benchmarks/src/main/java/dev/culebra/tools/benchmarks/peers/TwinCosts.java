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
import dev.culebra.tools.benchmarks.ScratchFolder;
import dev.culebra.tools.benchmarks.Subprocess;
import dev.culebra.tools.benchmarks.results.Comparisons;
import dev.culebra.tools.benchmarks.results.Recording;
import dev.culebra.tools.benchmarks.study.Gpu;

/**
 * The study beside PyTorch itself, by the scripts in {@code tools/parity}, which start both programs.
 *
 * @param root the project's folder
 * @param data the study's text
 */
public record TwinCosts(Path root, Path data) {
    private static final String FOLDER = "tools/parity";
    private static final String RUNS = "exp1,exp5,exp12";

    /**
     * Why there is nothing to measure, if so.
     *
     * @param root the project's folder
     * @param data the study's text, if it is given
     * @param device where both are to compute, {@code cpu} or {@code cuda:N}
     */
    public static Optional<String> missing(Path root, Optional<Path> data, String device) {
        if (data.isEmpty()) {
            return Optional.of("--data=DIR is to say where the study's text is");
        }
        if (!Files.exists(program(root))) {
            return Optional.of("experiments.jar is not built: ./mvnw -q package -DskipTests");
        }
        if (!runs(root, "import torch, safetensors")) {
            return Optional.of("there is no Python with PyTorch (tools/parity/requirements.txt)");
        }
        return !Gpu.is(device) || runs(root, "import torch; torch.zeros(1, device='" + device + "')")
                ? Optional.empty()
                : Optional.of("PyTorch finds no " + device);
    }

    /** Where the finished program lies once it is built. */
    public static Path program(Path root) {
        return root.resolve("experiments/target/experiments.jar");
    }

    private static boolean runs(Path root, String program) {
        try {
            return Subprocess.run(List.of(python(root), "-c", program)).exitCode() == 0;
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
     * Measures on the processor, both programs in turns, and tells the progress.
     *
     * @param command what was asked for
     */
    public Recording measure(int rounds, String command, Consumer<String> progress) {
        try (ScratchFolder folder = ScratchFolder.create()) {
            Path numbers = folder.path().resolve("speed.json");
            run("speed.py", List.of("--rounds", String.valueOf(rounds), "--json", numbers.toString()), progress);
            return recording(Circumstances.machine(), command, Json.mapper().readTree(numbers.toFile()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Measures on a GPU, PyTorch in several ways of which the fastest counts, and tells the progress.
     *
     * @param folder gets a folder for each round, which has each result as soon as it is there
     * @param command what was asked for
     */
    public Recording measureOnGpu(String device, int rounds, String command, Path folder, Consumer<String> progress) {
        String machine = Circumstances.machine(device);
        List<GpuTwinRound> measured = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            progress.accept("pytorch: round " + round + " of " + rounds);
            Path out = folder.resolve("round-" + round);
            run("device_twin.py", List.of("--device", device, "--twin-device", device, "--out", out.toString()),
                    progress);
            try {
                measured.add(GpuTwinRound.read(out.resolve("twin.jsonl")));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        return GpuTwinRound.recording(machine, Circumstances.libraries(device), command, measured);
    }

    private void run(String script, List<String> options, Consumer<String> progress) {
        List<String> all = new ArrayList<>(List.of(python(root), root.resolve(FOLDER).resolve(script).toString(),
                "--data", data.toString(), "--runs", RUNS));
        all.addAll(options);
        Subprocess.run(all, line -> progress.accept("pytorch: " + line)).success();
    }

    /** What the script for processors wrote. */
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
