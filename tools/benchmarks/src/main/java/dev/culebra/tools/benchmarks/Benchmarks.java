package dev.culebra.tools.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

import dev.culebra.tools.benchmarks.calls.JniLibraries;

/**
 * The program: measures calls, start-up and, where there is a GPU, what its driver costs, and prints tables, ratios first.
 *
 * <p>Arguments, of which several may come in one, with spaces between them: any of {@code calls}, {@code startup} and {@code device} (all by default);
 * {@code --quick} for rough numbers in little time; {@code --rounds=N} for other than the usual number of rounds;
 * {@code --record} to write what was measured into README.md; {@code --in=FOLDER}, the folder of this module, an argument by
 * itself.
 */
public final class Benchmarks {
    private static final String CALLS = "calls";
    private static final String START_UP = "startup";
    private static final String DEVICE = "device";
    private static final List<String> ALL = List.of(CALLS, START_UP, DEVICE);
    private static final String FOLDER = "--in=";
    private static final String ROUNDS = "--rounds=";
    /** As Automake's and Meson's tests that are skipped. */
    private static final int CANNOT = 77;

    /**
     * What was asked for.
     *
     * @param parts which of {@link #ALL}, in that order
     * @param settings how long to measure
     * @param record whether to write the results down
     * @param module the folder of this module
     */
    record Request(List<String> parts, Settings settings, boolean record, Path module) {
        /**
         * Reads arguments.
         *
         * @throws IllegalArgumentException if one is not known, or rough numbers are to be kept
         */
        static Request parse(String... arguments) {
            List<String> words = Stream.of(arguments)
                    .flatMap(argument -> argument.startsWith(FOLDER)
                            ? Stream.of(argument)
                            : Stream.of(argument.split(" ")))
                    .filter(word -> !word.isEmpty()).toList();
            List<String> parts = new ArrayList<>();
            Settings settings = Settings.FULL;
            boolean record = false;
            OptionalInt rounds = OptionalInt.empty();
            Path module = Path.of("");
            for (String word : words) {
                switch (word) {
                    case "--quick" -> settings = Settings.QUICK;
                    case "--record" -> record = true;
                    case CALLS, START_UP, DEVICE -> parts.add(word);
                    default -> {
                        if (word.startsWith(FOLDER)) {
                            module = Path.of(word.substring(FOLDER.length()));
                        } else if (word.startsWith(ROUNDS)) {
                            rounds = OptionalInt.of(Integer.parseInt(word.substring(ROUNDS.length())));
                        } else {
                            throw new IllegalArgumentException("not known: " + word + "; there are " + ALL
                                    + ", --quick, --rounds=N and --record");
                        }
                    }
                }
            }
            if (record && settings == Settings.QUICK) {
                throw new IllegalArgumentException("--quick gives no numbers to --record");
            }
            return new Request(ALL.stream().filter(part -> parts.isEmpty() || parts.contains(part)).toList(),
                    settings.withRounds(rounds.orElse(settings.rounds())), record, module);
        }
    }

    private Benchmarks() {}

    /**
     * Runs what the arguments ask for. Exit code 2 if the arguments are wrong, {@value #CANNOT} if nothing can be measured for want of
     * what the parts need, which is told.
     */
    public static void main(String[] arguments) {
        Request request;
        try {
            request = Request.parse(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(2);
            return;
        }
        boolean measured = false;
        for (String part : request.parts()) {
            Optional<String> missing = missing(part);
            if (missing.isPresent()) {
                System.out.println(part + ": not measured, " + missing.get());
                continue;
            }
            String results = measure(part, request);
            System.out.println("## " + part + "\n\n" + results);
            if (request.record()) {
                Report.record(request.module().resolve("README.md"), part, results);
            }
            measured = true;
        }
        System.exit(measured ? 0 : CANNOT);
    }

    private static Optional<String> missing(String part) {
        return part.equals(DEVICE) ? DeviceCosts.missing() : JniLibraries.missing();
    }

    private static String measure(String part, Request request) {
        return switch (part) {
            case CALLS -> CallCosts.measure(request.settings(), System.err::println);
            case START_UP -> StartUpCosts.measure(request.settings(), System.err::println);
            default -> DeviceCosts.measure(request.module(), request.settings(), System.err::println);
        };
    }
}
