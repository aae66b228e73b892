package dev.culebra.tools.benchmarks.roofline;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.culebra.runtime.Precision;
import dev.culebra.tools.benchmarks.Completeness;
import dev.culebra.tools.benchmarks.study.Sizes;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The program: measures every operation and the training steps of a device, and writes {@code bench.jsonl} and {@code bench.md}.
 * Exit code 1 if a measurement failed or there is none, 2 if the arguments are wrong, {@value Completeness#PARTIAL} if there is less
 * than all because {@code --seconds} were over.
 */
@Command(name = "RooflineBenchmark", mixinStandardHelpOptions = true, description = "Measures every operation and the training steps of a device.")
public final class RooflineBenchmark implements Callable<Integer> {
    @Option(names = "--device", defaultValue = "cuda:0", description = "cuda:N, cpu or reference (${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--precision", split = ",", description = "fp32, tf32, bf16: all that the device has unless given.")
    private List<Precision> precisions = new ArrayList<>();

    @Option(names = "--small", description = "Tiny sizes, to see that it works: the times say nothing.")
    private boolean small;

    @Option(names = "--only", paramLabel = "NAME", description = "A step or operation, such as exp5, lstm or 'lstm, layers: 2', instead of all; may be repeated.")
    private List<String> only = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Option(names = "--out", defaultValue = "results", description = "The folder for the results (${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--seconds", defaultValue = "86400", description = "Begin nothing after so many seconds.")
    private long seconds;

    @Option(names = "--commit", defaultValue = "unknown", description = "The project's commit, to be written down.")
    private String commit;

    private final String command;

    private RooflineBenchmark(String... arguments) {
        command = "RooflineBenchmark " + String.join(" ", arguments);
    }

    /** Runs what the arguments ask for. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** The same, but returns the exit code. */
    static int run(String... arguments) {
        return new CommandLine(new RooflineBenchmark(arguments)).setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments);
    }

    @Override
    public Integer call() {
        long deadline = System.nanoTime() + seconds * 1_000_000_000L;
        Sizes sizes = small ? Sizes.SMALL : Sizes.FULL;
        requireKnown(sizes);
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new ParameterException(spec.commandLine(), "--out " + out + " is a file, not a folder");
        }
        Results results = new Results(out);
        boolean well = new Measurement(device, sizes, deadline, results::add,
                name -> only.isEmpty() || only.stream().anyMatch(one -> names(one, name)))
                .measure(precisions.isEmpty() ? precisions(device) : precisions, commit, command);
        Completeness completeness = results.completeness(!well);
        System.out.print(results.page() + "\n" + completeness.line());
        return completeness.exitCode();
    }

    private void requireKnown(Sizes sizes) {
        for (String one : only) {
            if (Measurement.names(sizes).noneMatch(name -> names(one, name))) {
                throw new ParameterException(spec.commandLine(), "There is no step or operation " + one + ": they are "
                        + Measurement.names(sizes).collect(Collectors.joining("; ")));
            }
        }
    }

    /** Whether a name is that of a step or operation, in full or without its sizes. */
    private static boolean names(String asked, String name) {
        return name.equals(asked) || name.startsWith(asked + ",");
    }

    /** All that a device has. */
    static List<Precision> precisions(String device) {
        return switch (device) {
            case "reference" -> List.of(Precision.FP64);
            case "cpu" -> List.of(Precision.FP32, Precision.BF16);
            default -> Stream.of(Precision.values()).filter(precision -> precision != Precision.FP64).toList();
        };
    }
}
