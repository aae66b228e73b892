package dev.culebra.tools.benchmarks.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import dev.culebra.experiments.files.Json;
import dev.culebra.tools.benchmarks.Completeness;
import dev.culebra.tools.benchmarks.MarkdownTable;
import dev.culebra.tools.benchmarks.ScratchFolder;
import dev.culebra.tools.benchmarks.Subprocess;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The program: makes runs of the study by the packed program, each twice with one seed, which must give the same losses and the
 * same weights to the last bit, or once, and writes {@code train.jsonl} and {@code train.md}. Exit code 1 if a run failed, two runs
 * differ or there was time for none, 2 if the arguments are wrong, {@value Completeness#PARTIAL} if there was time for some.
 */
@Command(name = "TrainingCheck", mixinStandardHelpOptions = true, description = "Makes runs of the study, each twice.")
public final class TrainingCheck implements Callable<Integer> {
    @Mixin
    private PackedProgram program;

    @Option(names = "--runs", split = ",", defaultValue = "exp1,exp5,exp10,exp12", description = "Which (${DEFAULT-VALUE}).")
    private List<String> runs;

    @Option(names = "--precision", split = ",", defaultValue = "bf16,tf32,fp32", description = "In which arithmetic (${DEFAULT-VALUE}).")
    private List<String> precisions;

    @Option(names = "--steps", defaultValue = "40", description = "Of each run (${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--epochs", description = "Whole epochs instead of steps, with their evaluations.")
    private Optional<Integer> epochs;

    @Option(names = "--once", description = "Make each run once, and compare nothing.")
    private boolean once;

    @Option(names = "--name", defaultValue = "train", description = "Of the files of results (${DEFAULT-VALUE}).")
    private String name;

    @Option(names = "--log-every", defaultValue = "10", description = "Steps between two losses (${DEFAULT-VALUE}).")
    private int logEvery;

    @Option(names = "--out", defaultValue = "results", description = "The folder for the results (${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--seconds", defaultValue = "86400", description = "Begin no run after so many seconds.")
    private long seconds;

    private final List<TrainingResult> results = new ArrayList<>();
    private long longest;

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
        Files.write(out.resolve(name + ".jsonl"), new byte[0]);
        String where = program.nameOfDevice();
        for (String precision : precisions) {
            for (String run : runs) {
                long start = System.nanoTime();
                // What takes as long as the longest before it must not be cut off in the middle, which would leave no result.
                TrainingResult result = start + longest - deadline > 0
                        ? TrainingResult.cut(where, run, precision)
                        : make(where, run, precision);
                longest = Math.max(longest, System.nanoTime() - start);
                results.add(result);
                Files.writeString(out.resolve(name + ".jsonl"), Json.mapper().writeValueAsString(result) + "\n",
                        StandardOpenOption.APPEND);
                // Anew each time: a run that hangs may end this program.
                Files.writeString(out.resolve(name + ".md"), page(where));
            }
        }
        Completeness completeness = completeness();
        System.out.print(page(where) + "\n" + completeness.line());
        return completeness.exitCode();
    }

    private Completeness completeness() {
        List<String> missing = results.stream().filter(result -> result.outcome() == TrainingResult.Outcome.CUT)
                .map(result -> result.run() + " in " + result.precision()).toList();
        return new Completeness(results.stream().anyMatch(TrainingResult::isFailure), results.size() - missing.size(),
                missing);
    }

    private TrainingResult make(String where, String run, String precision) throws IOException {
        try (ScratchFolder scratch = ScratchFolder.create()) {
            Path folder = scratch.path();
            ShortRun first = make(run, precision, folder.resolve("first"));
            if (once) {
                return TrainingResult.of(where, run, precision, first, TrainingResult.Outcome.DONE, "");
            }
            ShortRun second = make(run, precision, folder.resolve("second"));
            List<String> different = new ArrayList<>(
                    CheckpointComparison.differences(first.checkpoint(), second.checkpoint()));
            if (!first.losses().equals(second.losses())) {
                different.addFirst("the losses");
            }
            return TrainingResult.of(where, run, precision, first, different.isEmpty()
                    ? TrainingResult.Outcome.IDENTICAL
                    : TrainingResult.Outcome.DIFFERENT, String.join(", ", different));
        } catch (IllegalStateException | UncheckedIOException failure) {
            return TrainingResult.failed(where, run, precision, failure.getMessage());
        }
    }

    private ShortRun make(String run, String precision, Path folder) {
        List<String> command = new ArrayList<>(program.command(run, precision, folder));
        command.addAll(List.of("--log-every", String.valueOf(logEvery)));
        command.addAll(epochs.isPresent()
                ? List.of("--epochs", String.valueOf(epochs.get()))
                : List.of("--max-steps", String.valueOf(steps)));
        long start = System.nanoTime();
        String output = Subprocess.run(command).success();
        return ShortRun.of(output, (System.nanoTime() - start) / 1e9, folder.resolve("last.safetensors"));
    }

    private String page(String where) {
        MarkdownTable table = new MarkdownTable(2, List.of("run", "precision", "steps", "first loss", "last loss",
                "perplexity of the last batch", "of the test split", "tokens/s", "seconds", once ? "run" : "two runs"));
        results.forEach(result -> table.row(result.cells()));
        return "On " + where + "; text: " + program.nameOfText()
                + "; embeddings learned; each run made " + (once ? "once" : "twice with one seed")
                + "; seconds of the whole process.\n\n" + table;
    }
}
