package dev.culebra.tools.benchmarks.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culebra.experiments.files.Json;
import dev.culebra.tools.benchmarks.Completeness;
import dev.culebra.tools.benchmarks.MarkdownTable;
import dev.culebra.tools.benchmarks.ScratchFolder;
import dev.culebra.tools.benchmarks.Subprocess;
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

    /** The seconds of a start, and of one right after it without the cache, if that is asked for. */
    private record Start(double seconds, OptionalDouble withoutCache) {
        /** How many times as long the one without the cache took. */
        OptionalDouble ratio() {
            return withoutCache.isPresent() ? OptionalDouble.of(withoutCache.getAsDouble() / seconds) : withoutCache;
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
                Files.writeString(out.resolve("start.jsonl"), Json.mapper().writeValueAsString(
                        Map.of("device", where, "run", run, "precision", precision, "seconds",
                                measured.stream().map(Start::seconds).toList(), "secondsWithoutCache",
                                measured.stream().map(Start::withoutCache).flatMapToDouble(OptionalDouble::stream)
                                        .boxed().toList()))
                        + "\n",
                        StandardOpenOption.APPEND);
            }
            Files.writeString(out.resolve("start.md"), page(where, table));
        }
        Completeness completeness = new Completeness(failed, rows, missing);
        System.out.print(page(where, table) + "\n" + completeness.line());
        return completeness.exitCode();
    }

    /** Adds each start, but for the first, which fills the caches, until there are enough or the time is over. */
    private void measure(String run, long deadline, List<Start> measured) throws IOException {
        if (System.nanoTime() - deadline <= 0) {
            secondsToFirstStep(program.cacheOptions(), run);
        }
        while (measured.size() < starts && System.nanoTime() - deadline <= 0) {
            measured.add(start(run));
        }
    }

    private Start start(String run) throws IOException {
        double seconds = secondsToFirstStep(program.cacheOptions(), run);
        return new Start(seconds,
                compareCache ? OptionalDouble.of(secondsToFirstStep(List.of(), run)) : OptionalDouble.empty());
    }

    private String page(String where, MarkdownTable table) {
        return "On " + where + "; text: " + program.nameOfText()
                + ". From the start of the process to the start of its first step, kernels cached"
                + (program.cacheOptions().isEmpty() ? "" : ", with the start-up cache") + ".\n\n" + table;
    }

    private List<String> cells(String run, List<Start> measured) {
        List<Double> sorted = measured.stream().map(Start::seconds).sorted().toList();
        double median = middle(sorted);
        List<String> cells = new ArrayList<>(
                List.of(run, precision, String.valueOf(sorted.size()), number(median), number(sorted.getFirst()),
                        number(sorted.getLast()), number(BUDGET) + (median <= BUDGET ? ", met" : ", missed")));
        if (compareCache) {
            List<Double> ratios = sorted(measured, Start::ratio);
            cells.add(number(middle(sorted(measured, Start::withoutCache))));
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

    /** When the first step is told of, less what it took: that it tells itself. */
    private double secondsToFirstStep(List<String> options, String run) throws IOException {
        try (ScratchFolder scratch = ScratchFolder.create()) {
            List<String> command = new ArrayList<>(
                    program.command(options, run, precision, scratch.path().resolve("run")));
            command.addAll(List.of("--max-steps", "1", "--log-every", "1"));
            long start = System.nanoTime();
            List<Double> found = new ArrayList<>();
            Subprocess.run(command, line -> {
                double arrival = (System.nanoTime() - start) / 1e9;
                secondsOfStep(line).ifPresent(taken -> found.add(arrival - taken));
            }).success();
            return found.stream().findFirst().orElseThrow(() -> new IllegalStateException("no step was told of"));
        }
    }

    private static OptionalDouble secondsOfStep(String line) {
        if (!line.startsWith("{\"event\":\"step\"")) {
            return OptionalDouble.empty();
        }
        try {
            JsonNode step = Json.mapper().readTree(line);
            return OptionalDouble.of(step.get("seconds").asDouble());
        } catch (IOException wrong) {
            throw new IllegalStateException("no JSON: " + line, wrong);
        }
    }
}
