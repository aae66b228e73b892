package dev.culebra.tools.benchmarks;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

import dev.culebra.tools.benchmarks.calls.JniLibraries;
import dev.culebra.tools.benchmarks.peers.DjlNatives;
import dev.culebra.tools.benchmarks.peers.PeerCosts;
import dev.culebra.tools.benchmarks.peers.TwinCosts;
import dev.culebra.tools.benchmarks.results.Recorded;
import dev.culebra.tools.benchmarks.results.Recording;
import dev.culebra.tools.benchmarks.results.Recordings;
import dev.culebra.tools.benchmarks.roofline.RooflineRecording;
import dev.culebra.tools.benchmarks.scaling.ScalingCosts;
import dev.culebra.tools.benchmarks.scaling.ScalingRecording;
import dev.culebra.tools.benchmarks.study.Gpu;

/**
 * The program: measures calls, start-up, what a GPU's driver costs, the study beside DJL and PyTorch, how near its operations come to
 * what the machine can do, and how its steps grow with their sizes; it prints tables, ratios first.
 *
 * <p>Arguments, of which several may come in one, with spaces between them: any of the parts {@code calls}, {@code startup},
 * {@code device}, {@code djl}, {@code pytorch}, {@code roofline} and {@code scaling} (all by default); {@code --quick} for rough
 * numbers of the first five in little time; {@code --rounds=N} for other than their usual number of rounds; {@code --device=cuda:N} to
 * measure the study, which the last four do, on a GPU instead of the processor; {@code --record} to keep
 * what was measured and write it into README.md; {@code --page} to write README.md anew from what is kept and measure nothing.
 * By themselves stand {@code --data=DIR}, the study's text, and {@code --in=FOLDER}, the folder of this module.
 */
public final class Benchmarks {
    /** As Automake's and Meson's tests that are skipped. */
    private static final int CANNOT = 77;

    private final Request request;

    private Benchmarks(Request request) {
        this.request = request;
    }

    /**
     * Runs what the arguments ask for. Exit code 2 if the arguments are wrong, 1 if a part failed, {@value #CANNOT} if nothing can be
     * measured for want of what the parts need, which is told.
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
        System.exit(new Benchmarks(request).run());
    }

    private int run() {
        if (request.outcome() == Request.Outcome.PAGE_ALONE) {
            request.parts().forEach(this::writePage);
            return 0;
        }
        boolean measured = false;
        boolean failed = false;
        for (Part part : request.parts()) {
            Optional<String> missing = missing(part);
            if (missing.isPresent()) {
                System.out.println(part + ": not measured, " + missing.get());
                continue;
            }
            System.out.println("## " + part + "\n");
            try {
                measure(part);
                measured = true;
            } catch (RuntimeException | OutOfMemoryError failure) {
                // The other parts may go well.
                failed = true;
                System.err.println(part + ": failed");
                failure.printStackTrace();
            }
        }
        return failed ? 1 : measured ? 0 : CANNOT;
    }

    private void writePage(Part part) {
        recordings(part).ifPresent(kept -> kept.markdown()
                .ifPresent(results -> Report.record(request.page(), kept.part(), results)));
    }

    private Optional<String> missing(Part part) {
        return switch (part) {
            case CALLS, STARTUP -> JniLibraries.missing();
            case DEVICE -> DeviceCosts.missing();
            case DJL -> unmeasurable().or(() -> DjlNatives.missing(request.device()));
            case PYTORCH -> unmeasurable().or(() -> TwinCosts.missing(request.root(), request.data(),
                    request.device()));
            case ROOFLINE -> unmeasurable();
            case SCALING -> unmeasurable().or(() -> ScalingCosts.missing(request.device()));
        };
    }

    /** Why the device is none whose numbers are wanted, if so. */
    private Optional<String> unmeasurable() {
        return unmeasurable(request.device(), request.outcome());
    }

    /** The same of any device. */
    static Optional<String> unmeasurable(String device, Request.Outcome outcome) {
        return Gpu.missing(device).or(() -> Gpu.report(device)
                .filter(gpu -> gpu.isStandIn() && outcome == Request.Outcome.RECORD)
                .map(gpu -> "what stands in for a GPU gives no numbers to --record"));
    }

    private void measure(Part part) {
        String command = request.command(part);
        Settings settings = request.settings().withRounds(request.rounds().orElse(request.settings().rounds()));
        switch (part) {
            case CALLS -> tell(part, CallCosts.measure(settings, command, System.err::println));
            case STARTUP -> tell(part, StartUpCosts.measure(settings, command, System.err::println));
            case DEVICE -> tell(part, DeviceCosts.measure(request.module(), settings, command, System.err::println));
            case DJL -> {
                PeerCosts costs = request.isQuick() ? PeerCosts.QUICK : PeerCosts.FULL;
                tell(djl(), costs.withRounds(request.rounds().orElse(costs.rounds()))
                        .measure(request.device(), TwinCosts.program(request.root()), command, System.err::println));
            }
            case PYTORCH -> {
                TwinCosts costs = new TwinCosts(request.root(), request.data().orElseThrow());
                int rounds = request.rounds().orElse(request.isQuick() ? 1 : 3);
                tell(pytorch(), Gpu.is(request.device())
                        ? costs.measureOnGpu(request.device(), rounds, command,
                                request.module().resolve("target").resolve("pytorch"), System.err::println)
                        : costs.measure(rounds, command, System.err::println));
            }
            case ROOFLINE -> tell(roofline(), RooflineRecording.measure(request.device(), commit(), command,
                    request.module().resolve("target").resolve("roofline")));
            case SCALING ->
                tell(scaling(), ScalingCosts.measure(request.device(), Runtime.getRuntime().availableProcessors(),
                        command, System.err::println));
        }
    }

    /** The project's, where git tells it. */
    private String commit() {
        try {
            Subprocess.Result told = Subprocess
                    .run(List.of("git", "-C", request.root().toString(), "rev-parse", "--short", "HEAD"));
            return told.exitCode() == 0 ? told.output().strip() : "unknown";
        } catch (UncheckedIOException noGit) {
            return "unknown";
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
            Report.record(request.page(), recordings.part(), recordings.markdown().orElseThrow());
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
