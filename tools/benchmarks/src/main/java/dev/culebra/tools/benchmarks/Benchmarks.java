package dev.culebra.tools.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

import dev.culebra.runtime.Precision;
import dev.culebra.tools.benchmarks.calls.JniLibraries;
import dev.culebra.tools.benchmarks.peers.PeerCosts;
import dev.culebra.tools.benchmarks.peers.TwinCosts;
import dev.culebra.tools.benchmarks.results.Recorded;
import dev.culebra.tools.benchmarks.results.Recording;
import dev.culebra.tools.benchmarks.results.Recordings;
import dev.culebra.tools.benchmarks.roofline.RooflineRecording;
import dev.culebra.tools.benchmarks.scaling.ScalingCosts;
import dev.culebra.tools.benchmarks.scaling.ScalingRecording;

/**
 * The program: measures calls, start-up, what a GPU's driver costs, the study beside DJL and PyTorch, how near its operations come to
 * what the machine can do, and how its steps grow with their sizes; it prints tables, ratios first.
 *
 * <p>Arguments, of which several may come in one, with spaces between them: any of the parts {@code calls}, {@code startup},
 * {@code device}, {@code djl}, {@code pytorch}, {@code roofline} and {@code scaling} (all by default); {@code --quick} for rough
 * numbers in little time; {@code --rounds=N} for other than the usual number of rounds; {@code --record} to keep what was measured
 * and write it into README.md; {@code --page} to write README.md anew from what is kept and measure nothing; {@code --data=DIR},
 * the study's text; {@code --in=FOLDER}, the folder of this module. The last two are arguments by themselves.
 */
public final class Benchmarks {
    /** As Automake's and Meson's tests that are skipped. */
    private static final int CANNOT = 77;

    /** What can be measured, in the order in which it is. */
    enum Part {
        /** What a call into a native library costs. */
        CALLS,
        /** What the first call costs. */
        STARTUP,
        /** What calls of a GPU's driver cost. */
        DEVICE,
        /** The study beside DJL. */
        DJL,
        /** The study beside PyTorch. */
        PYTORCH,
        /** How near operations come to what the machine can do. */
        ROOFLINE,
        /** How steps grow with their sizes. */
        SCALING;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Part> of(String word) {
            return Stream.of(values()).filter(part -> part.toString().equals(word)).findFirst();
        }
    }

    /**
     * What was asked for.
     *
     * @param parts to be measured
     * @param settings how long to measure
     * @param rounds how often, if other than usual
     * @param outcome what to do with the results
     * @param module the folder of this module
     * @param data the folder of the study's text
     */
    record Request(List<Part> parts, Settings settings, OptionalInt rounds, Outcome outcome, Path module,
            Optional<Path> data) {
        /** What is done with results. */
        enum Outcome {
            /** They are printed. */
            PRINT,
            /** They are printed and kept. */
            RECORD,
            /** Nothing is measured: the page is written anew from what is kept. */
            PAGE_ALONE
        }

        private static final String FOLDER = "--in=";
        private static final String DATA = "--data=";
        private static final String ROUNDS = "--rounds=";

        /**
         * Reads arguments.
         *
         * @throws IllegalArgumentException if one is not known, or rough numbers are to be kept
         */
        static Request parse(String... arguments) {
            List<String> words = Stream.of(arguments)
                    .flatMap(argument -> argument.startsWith(FOLDER) || argument.startsWith(DATA)
                            ? Stream.of(argument)
                            : Stream.of(argument.split(" ")))
                    .filter(word -> !word.isEmpty()).toList();
            List<Part> parts = new ArrayList<>();
            Settings settings = Settings.FULL;
            Outcome outcome = Outcome.PRINT;
            OptionalInt rounds = OptionalInt.empty();
            Path module = Path.of("");
            Optional<Path> data = Optional.empty();
            for (String word : words) {
                if (word.equals("--quick")) {
                    settings = Settings.QUICK;
                } else if (word.equals("--record")) {
                    outcome = Outcome.RECORD;
                } else if (word.equals("--page")) {
                    outcome = Outcome.PAGE_ALONE;
                } else if (word.startsWith(FOLDER)) {
                    module = Path.of(word.substring(FOLDER.length()));
                } else if (word.startsWith(DATA)) {
                    data = Optional.of(Path.of(word.substring(DATA.length())));
                } else if (word.startsWith(ROUNDS)) {
                    rounds = OptionalInt.of(Integer.parseInt(word.substring(ROUNDS.length())));
                } else {
                    parts.add(Part.of(word).orElseThrow(() -> new IllegalArgumentException("not known: " + word
                            + "; there are " + List.of(Part.values())
                            + ", --quick, --rounds=N, --record, --page and --data=DIR")));
                }
            }
            if (outcome == Outcome.RECORD && settings == Settings.QUICK) {
                throw new IllegalArgumentException("--quick gives no numbers to --record");
            }
            return new Request(
                    Stream.of(Part.values()).filter(part -> parts.isEmpty() || parts.contains(part)).toList(),
                    settings, rounds, outcome, module, data);
        }

        Path page() {
            return module.resolve("README.md");
        }

        /** The folder of the project. */
        Path root() {
            return module.toAbsolutePath().normalize().getParent().getParent();
        }

        boolean isQuick() {
            return settings == Settings.QUICK;
        }
    }

    private final Request request;

    private Benchmarks(Request request) {
        this.request = request;
    }

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
        System.exit(new Benchmarks(request).run() ? 0 : CANNOT);
    }

    /** Whether there were results. */
    private boolean run() {
        boolean measured = false;
        for (Part part : request.parts()) {
            if (request.outcome() == Request.Outcome.PAGE_ALONE) {
                recordings(part).ifPresent(kept -> Report.record(request.page(), part.toString(), kept.markdown()));
                measured = true;
                continue;
            }
            Optional<String> missing = missing(part);
            if (missing.isPresent()) {
                System.out.println(part + ": not measured, " + missing.get());
                continue;
            }
            System.out.println("## " + part + "\n");
            measure(part);
            measured = true;
        }
        return measured;
    }

    private Optional<String> missing(Part part) {
        return switch (part) {
            case CALLS, STARTUP -> JniLibraries.missing();
            case DEVICE -> DeviceCosts.missing();
            case DJL -> PeerCosts.missing();
            case PYTORCH -> TwinCosts.missing(request.root(), request.data());
            case ROOFLINE, SCALING -> Optional.empty();
        };
    }

    private void measure(Part part) {
        Settings settings = request.settings().withRounds(request.rounds().orElse(request.settings().rounds()));
        switch (part) {
            case CALLS -> tell(part, CallCosts.measure(settings, System.err::println));
            case STARTUP -> tell(part, StartUpCosts.measure(settings, System.err::println));
            case DEVICE -> tell(part, DeviceCosts.measure(request.module(), settings, System.err::println));
            case DJL -> {
                PeerCosts costs = request.isQuick() ? PeerCosts.QUICK : PeerCosts.FULL;
                tell(djl(), costs.withRounds(request.rounds().orElse(costs.rounds())).measure(System.err::println));
            }
            case PYTORCH -> tell(pytorch(), TwinCosts.measure(request.root(), request.data().orElseThrow(),
                    request.rounds().orElse(request.isQuick() ? 1 : 3), System.err::println));
            case ROOFLINE -> tell(roofline(), RooflineRecording.measure("cpu"));
            case SCALING -> tell(scaling(), ScalingCosts.measure(Precision.BF16,
                    Runtime.getRuntime().availableProcessors(), System.err::println));
        }
    }

    private void tell(Part part, String results) {
        System.out.println(results);
        if (request.outcome() == Request.Outcome.RECORD) {
            Report.record(request.page(), part.toString(), results);
        }
    }

    private <T extends Recorded> void tell(Recordings<T> recordings, T recording) {
        System.out.println(recording.markdown());
        if (request.outcome() == Request.Outcome.RECORD) {
            recordings.keep(recording);
            Report.record(request.page(), recordings.part(), recordings.markdown());
        }
    }

    /** What is kept of a part, if its numbers are: of others the page alone has them. */
    private Optional<Recordings<?>> recordings(Part part) {
        return switch (part) {
            case CALLS, STARTUP, DEVICE -> Optional.empty();
            case DJL -> Optional.of(djl());
            case PYTORCH -> Optional.of(pytorch());
            case ROOFLINE -> Optional.of(roofline());
            case SCALING -> Optional.of(scaling());
        };
    }

    private Recordings<Recording> djl() {
        return new Recordings<>(request.module(), Part.DJL.toString(), Recording.class);
    }

    private Recordings<Recording> pytorch() {
        return new Recordings<>(request.module(), Part.PYTORCH.toString(), Recording.class);
    }

    private Recordings<RooflineRecording> roofline() {
        return new Recordings<>(request.module(), Part.ROOFLINE.toString(), RooflineRecording.class);
    }

    private Recordings<ScalingRecording> scaling() {
        return new Recordings<>(request.module(), Part.SCALING.toString(), ScalingRecording.class);
    }
}
