package dev.culebra.tools.benchmarks.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import dev.culebra.experiments.files.Json;
import dev.culebra.experiments.study.Experiment;
import dev.culebra.experiments.study.ModelKind;
import dev.culebra.runtime.machine.DriverReport;
import dev.culebra.runtime.machine.GpuReport;
import dev.culebra.tools.benchmarks.MarkdownTable;
import dev.culebra.tools.benchmarks.Subprocess;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The program: makes short runs of the study by the packed program, each twice with one seed, which must give the same losses and
 * the same weights to the last bit, and writes {@code train.jsonl} and {@code train.md}. Exit code 1 if a run failed or two runs
 * differ, 2 if the arguments are wrong. What was cut by {@code --seconds} is told and no failure.
 */
@Command(name = "TrainingCheck", mixinStandardHelpOptions = true, description = "Makes short runs of the study, each twice.")
public final class TrainingCheck implements Callable<Integer> {
    private static final List<String> SMALL = List.of("--embedding-width", "24", "--hidden-size", "24",
            "--sequence-length", "16", "--batch-size", "4");

    @Option(names = "--program", required = true, description = "Its class path: experiments.jar.")
    private String program;

    @Option(names = "--device", defaultValue = "cuda:0", description = "As the program has it (${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--data", description = "A folder with the study's text; the built-in corpus unless given.")
    private Path data;

    @Option(names = "--runs", split = ",", defaultValue = "exp1,exp5,exp10,exp12", description = "Which (${DEFAULT-VALUE}).")
    private List<String> runs;

    @Option(names = "--precision", split = ",", defaultValue = "bf16,tf32,fp32", description = "In which arithmetic (${DEFAULT-VALUE}).")
    private List<String> precisions;

    @Option(names = "--steps", defaultValue = "40", description = "Of each run (${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--log-every", defaultValue = "10", description = "Steps between two losses (${DEFAULT-VALUE}).")
    private int logEvery;

    @Option(names = "--small", description = "Tiny models, to see that it works.")
    private boolean small;

    @Option(names = "--out", defaultValue = "results", description = "The folder for the results (${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--seconds", defaultValue = "86400", description = "Begin no run after so many seconds.")
    private long seconds;

    private final List<TrainingResult> results = new ArrayList<>();

    private TrainingCheck() {}

    /** Runs what the arguments ask for. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** The same, but returns the exit code. */
    static int run(String... arguments) {
        return new CommandLine(new TrainingCheck()).execute(arguments);
    }

    @Override
    public Integer call() throws IOException {
        long deadline = System.nanoTime() + seconds * 1_000_000_000L;
        Files.createDirectories(out);
        Files.write(out.resolve("train.jsonl"), new byte[0]);
        String where = nameOfDevice();
        for (String precision : precisions) {
            for (String run : runs) {
                TrainingResult result = System.nanoTime() - deadline > 0
                        ? TrainingResult.cut(where, run, precision)
                        : compare(where, run, precision);
                results.add(result);
                Files.writeString(out.resolve("train.jsonl"), Json.mapper().writeValueAsString(result) + "\n",
                        StandardOpenOption.APPEND);
                // Anew each time: a run that hangs may end this program.
                Files.writeString(out.resolve("train.md"), page(where));
            }
        }
        System.out.print(page(where));
        return results.stream().anyMatch(TrainingResult::isFailure) ? 1 : 0;
    }

    private TrainingResult compare(String where, String run, String precision) throws IOException {
        Path folder = Files.createTempDirectory(out, "runs");
        try {
            ShortRun first = make(run, precision, folder.resolve("first"));
            ShortRun second = make(run, precision, folder.resolve("second"));
            List<String> different = new ArrayList<>(
                    CheckpointComparison.differences(first.checkpoint(), second.checkpoint()));
            if (!first.losses().equals(second.losses())) {
                different.addFirst("the losses");
            }
            return TrainingResult.of(where, run, precision, steps, first, different);
        } catch (IllegalStateException | UncheckedIOException failure) {
            return TrainingResult.failed(where, run, precision, failure.getMessage());
        } finally {
            delete(folder);
        }
    }

    private ShortRun make(String run, String precision, Path folder) {
        List<String> command = new ArrayList<>(List.of(java(), "--enable-native-access=ALL-UNNAMED", "-cp",
                program, "dev.culebra.experiments.Main", run, "--device", device, "--precision", precision,
                "--max-steps", String.valueOf(steps), "--log-every", String.valueOf(logEvery), "--json", "--run-dir",
                folder.toString()));
        if (data != null) {
            command.addAll(List.of("--data", data.toString()));
        }
        if (small) {
            command.addAll(SMALL);
            if (isGpt(run)) {
                command.addAll(List.of("--heads", "3"));
            }
        }
        return ShortRun.of(Subprocess.run(command).success(), folder.resolve("last.safetensors"));
    }

    private static boolean isGpt(String run) {
        return Stream.of(Experiment.values()).anyMatch(
                experiment -> experiment.toString().equals(run) && experiment.model() == ModelKind.GPT1);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The GPU's own name, which for the stand-in says that it is none; of another device, what it was called. */
    private String nameOfDevice() {
        int ordinal = device.matches("cuda:\\d{1,4}") ? Integer.parseInt(device.substring(5)) : 0;
        List<GpuReport> gpus = device.startsWith("cuda") ? DriverReport.examine().gpus() : List.of();
        return ordinal < gpus.size() ? device + ": " + gpus.get(ordinal).name() : device;
    }

    private String page(String where) {
        MarkdownTable table = new MarkdownTable(2, List.of("run", "precision", "steps", "first loss", "last loss",
                "perplexity of the last batch", "tokens/s", "two runs"));
        results.forEach(result -> table.row(result.cells()));
        return "On " + where + "; text: " + (data == null ? "the built-in corpus" : data.getFileName())
                + "; embeddings learned; each run made twice with one seed.\n\n" + table;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
