package dev.culebra.tools.benchmarks.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.function.Function;

import dev.culebra.experiments.files.Json;
import dev.culebra.tools.benchmarks.Completeness;
import dev.culebra.tools.benchmarks.MarkdownTable;
import dev.culebra.tools.benchmarks.ScratchFolder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The program: measures the time from the start of a process to the start of its first training step, with everything cached
 * that is cached at all, the start-up cache beside the program too if there is one, and writes {@code start.jsonl} and
 * {@code start.md}. Of each run the first process, which fills the caches, does not count. Exit code 1 if a process failed or
 * there was time for none, 2 if the arguments are wrong or there is no cache to compare with,
 * {@value Completeness#PARTIAL} if there was time for some.
 */
@Command(name = "FirstStepTime", mixinStandardHelpOptions = true, description = "Measures the time to the first training step.")
public final class FirstStepTime implements Callable<Integer> {
    /** The seconds that it may take, anywhere. */
    private static final double BUDGET = 2;

    @Mixin
    private PackedProgram program;

    @Option(names = "--runs", split = ",", defaultValue = "exp1,exp5", description = "Which (${DEFAULT-VALUE}).")
    private List<String> runs;

    @Option(names = "--precision", defaultValue = "bf16", description = "In which arithmetic (${DEFAULT-VALUE}).")
    private String precision;

    @Option(names = "--starts", defaultValue = "5", description = "That count, of each run (${DEFAULT-VALUE}).")
    private int starts;

    @Option(names = "--compare-cache", description = "Measure without the program's start-up cache too, in turns.")
    private boolean compareCache;

    @Spec
    private CommandSpec spec;

    @Option(names = "--out", defaultValue = "results", description = "The folder for the results (${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--seconds", defaultValue = "86400", description = "Begin no process after so many seconds.")
    private long seconds;

    /** A start, and one right after it without the cache, if that is asked for. */
    private record Start(FirstStep usual, Optional<FirstStep> withoutCache) {
        double seconds() {
            return usual.seconds();
        }

        OptionalDouble secondsWithoutCache() {
            return withoutCache.map(start -> OptionalDouble.of(start.seconds())).orElse(OptionalDouble.empty());
        }

        /** How many times as long the one without the cache took. */
        OptionalDouble ratio() {
            return withoutCache.map(start -> OptionalDouble.of(start.seconds() / usual.seconds()))
                    .orElse(OptionalDouble.empty());
        }
    }

    private FirstStepTime() {}

    /** Runs what the arguments ask for. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** The same, but returns the exit code. */
    static int run(String... arguments) {
        return new CommandLine(new FirstStepTime()).execute(arguments);
    }

    @Override
    public Integer call() throws IOException {
        if (compareCache && program.cacheOptions().isEmpty()) {
            throw new ParameterException(spec.commandLine(), "There is no start-up cache beside the program.");
        }
        long deadline = System.nanoTime() + seconds * 1_000_000_000L;
        Files.createDirectories(out);
        Files.write(out.resolve("start.jsonl"), new byte[0]);
        String where = program.nameOfDevice();
        List<String> heads = new ArrayList<>(
                List.of("run", "precision", "starts", "seconds", "fastest", "slowest", "budget"));
        if (compareCache) {
            heads.addAll(List.of("seconds without cache", "without / with cache"));
        }
        MarkdownTable table = new MarkdownTable(2, heads);
        MarkdownTable phases = phases();
        List<String> missing = new ArrayList<>();
        int rows = 0;
        boolean failed = false;
        for (String run : runs) {
            List<Start> measured = new ArrayList<>();
            try {
                measure(run, deadline, measured);
            } catch (IllegalStateException failure) {
                failed = true;
                System.err.println(run + ": " + failure.getMessage());
            }
            if (measured.size() < starts) {
                missing.add(starts - measured.size() + " starts of " + run);
            }
            if (!measured.isEmpty()) {
                rows++;
                table.row(cells(run, measured));
                phases.row(phases(run, measured.stream().map(Start::usual).toList(),
                        program.cacheOptions().isEmpty() ? "there is none" : "with"));
                if (compareCache) {
                    phases.row(
                            phases(run, measured.stream().map(Start::withoutCache).flatMap(Optional::stream).toList(),
                                    "without"));
                }
                Files.writeString(out.resolve("start.jsonl"), Json.mapper().writeValueAsString(
                        Map.of("device", where, "run", run, "precision", precision, "seconds",
                                measured.stream().map(Start::seconds).toList(), "secondsWithoutCache",
                                measured.stream().map(Start::secondsWithoutCache)
                                        .flatMapToDouble(OptionalDouble::stream)
                                        .boxed().toList(),
                                "phases", measured.stream().map(start -> start.usual().phases()).toList()))
                        + "\n",
                        StandardOpenOption.APPEND);
            }
            Files.writeString(out.resolve("start.md"), page(where, table, phases));
        }
        Completeness completeness = new Completeness(failed, rows, missing);
        System.out.print(page(where, table, phases) + "\n" + completeness.line());
        return completeness.exitCode();
    }

    /** Adds each start, but for the first, which fills the caches, until there are enough or the time is over. */
    private void measure(String run, long deadline, List<Start> measured) throws IOException {
        if (System.nanoTime() - deadline <= 0) {
            firstStep(program.cacheOptions(), run);
        }
        while (measured.size() < starts && System.nanoTime() - deadline <= 0) {
            measured.add(start(run));
        }
    }

    private Start start(String run) throws IOException {
        FirstStep usual = firstStep(program.cacheOptions(), run);
        return new Start(usual, compareCache ? Optional.of(firstStep(List.of(), run)) : Optional.empty());
    }

    private String page(String where, MarkdownTable table, MarkdownTable phases) {
        return "On " + where + "; text: " + program.nameOfText()
                + ". From the start of the process to the start of its first step, kernels cached"
                + (program.cacheOptions().isEmpty() ? "" : ", with the start-up cache") + ".\n\n" + table
                + "\nWhere the time goes, in seconds: `process` from the JVM's own start, before which there is no phase, "
                + "until the run starts, with classes and options; `data` reading the text; `device` loading native "
                + "libraries and opening the device; `model` drawing weights and planning operations; and the first step, "
                + "which comes after all that is measured above.\n\n" + phases;
    }

    private static MarkdownTable phases() {
        List<String> heads = new ArrayList<>(List.of("run", "start-up cache"));
        heads.addAll(FirstStep.PHASES);
        return new MarkdownTable(2, heads);
    }

    private static List<String> phases(String run, List<FirstStep> starts, String cache) {
        List<String> cells = new ArrayList<>(List.of(run, cache));
        for (String phase : FirstStep.PHASES) {
            cells.add(number(middle(starts.stream().map(start -> start.phases().get(phase)).sorted().toList())));
        }
        return cells;
    }

    private List<String> cells(String run, List<Start> measured) {
        List<Double> sorted = measured.stream().map(Start::seconds).sorted().toList();
        double median = middle(sorted);
        List<String> cells = new ArrayList<>(
                List.of(run, precision, String.valueOf(sorted.size()), number(median), number(sorted.getFirst()),
                        number(sorted.getLast()), number(BUDGET) + (median <= BUDGET ? ", met" : ", missed")));
        if (compareCache) {
            List<Double> ratios = sorted(measured, Start::ratio);
            cells.add(number(middle(sorted(measured, Start::secondsWithoutCache))));
            cells.add(number(middle(ratios)) + " (" + number(ratios.getFirst()) + " to " + number(ratios.getLast())
                    + ")");
        }
        return cells;
    }

    private static List<Double> sorted(List<Start> measured, Function<Start, OptionalDouble> value) {
        return measured.stream().map(value).flatMapToDouble(OptionalDouble::stream).sorted().boxed().toList();
    }

    private static double middle(List<Double> sorted) {
        return sorted.get(sorted.size() / 2);
    }

    private static String number(double seconds) {
        return String.format(Locale.ROOT, "%.2f", seconds);
    }

    private FirstStep firstStep(List<String> options, String run) throws IOException {
        try (ScratchFolder scratch = ScratchFolder.create()) {
            List<String> command = new ArrayList<>(
                    program.command(options, run, precision, scratch.path().resolve("run")));
            command.addAll(List.of("--max-steps", "1", "--log-every", "1"));
            return FirstStep.measure(command);
        }
    }
}
