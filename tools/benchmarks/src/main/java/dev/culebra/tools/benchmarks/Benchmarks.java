package dev.culebra.tools.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

import dev.culebra.tools.benchmarks.calls.JniLibraries;
import dev.culebra.tools.benchmarks.peers.PeerCosts;
import dev.culebra.tools.benchmarks.results.Recording;
import dev.culebra.tools.benchmarks.results.Recordings;

/**
 * The program: measures calls, start-up, where there is a GPU what its driver costs, and the study beside DJL, and prints tables,
 * ratios first.
 *
 * <p>Arguments, of which several may come in one, with spaces between them: any of {@code calls}, {@code startup}, {@code device} and
 * {@code djl} (all by default);
 * {@code --quick} for rough numbers in little time; {@code --rounds=N} for other than the usual number of rounds;
 * {@code --record} to write what was measured into README.md; {@code --in=FOLDER}, the folder of this module, an argument by
 * itself.
 */
public final class Benchmarks {
    private static final String CALLS = "calls";
    private static final String START_UP = "startup";
    private static final String DEVICE = "device";
    private static final String DJL = "djl";
    private static final List<String> ALL = List.of(CALLS, START_UP, DEVICE, DJL);
    private static final String FOLDER = "--in=";
    private static final String ROUNDS = "--rounds=";
    /** As Automake's and Meson's tests that are skipped. */
    private static final int CANNOT = 77;

    /**
     * What was asked for.
     *
     * @param parts which of {@link #ALL}, in that order
     * @param settings how long to measure
     * @param rounds how often, if other than usual
     * @param record whether to write the results down
     * @param module the folder of this module
     */
    record Request(List<String> parts, Settings settings, OptionalInt rounds, boolean record, Path module) {
        Path page() {
            return module.resolve("README.md");
        }

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
                    case CALLS, START_UP, DEVICE, DJL -> parts.add(word);
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
                    settings, rounds, record, module);
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
            System.out.println("## " + part + "\n");
            if (part.equals(DJL)) {
                measureBesideDjl(request);
            } else {
                String results = measure(part, request);
                System.out.println(results);
                if (request.record()) {
                    Report.record(request.page(), part, results);
                }
            }
            measured = true;
        }
        System.exit(measured ? 0 : CANNOT);
    }

    private static Optional<String> missing(String part) {
        return switch (part) {
            case DEVICE -> DeviceCosts.missing();
            case DJL -> PeerCosts.missing();
            default -> JniLibraries.missing();
        };
    }

    private static String measure(String part, Request request) {
        Settings settings = request.settings().withRounds(request.rounds().orElse(request.settings().rounds()));
        return switch (part) {
            case CALLS -> CallCosts.measure(settings, System.err::println);
            case START_UP -> StartUpCosts.measure(settings, System.err::println);
            default -> DeviceCosts.measure(request.module(), settings, System.err::println);
        };
    }

    private static void measureBesideDjl(Request request) {
        PeerCosts costs = request.settings() == Settings.QUICK ? PeerCosts.QUICK : PeerCosts.FULL;
        Recording recording = costs.withRounds(request.rounds().orElse(costs.rounds())).measure(System.err::println);
        System.out.println(recording.markdown());
        if (request.record()) {
            Recordings recordings = new Recordings(request.module(), DJL);
            recordings.keep(recording);
            Report.record(request.page(), DJL, recordings.markdown());
        }
    }
}
