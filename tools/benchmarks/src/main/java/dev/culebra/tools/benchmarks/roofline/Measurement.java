package dev.culebra.tools.benchmarks.roofline;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dev.culebra.experiments.study.Experiment;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Backends;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.operation.Activation;
import dev.culebra.runtime.operation.LinearSpec;
import dev.culebra.tools.benchmarks.study.Gpu;
import dev.culebra.tools.benchmarks.study.Sizes;

/**
 * Measures a device: first its ceilings, then the steps, then the operations, each in every precision. What fails is told and the
 * rest goes on; what the time does not suffice for is told too.
 */
final class Measurement {
    /** Both models at their smallest, and at their deepest. */
    static final List<Experiment> RUNS = List.of(Experiment.EXP1, Experiment.EXP5, Experiment.EXP6, Experiment.EXP10,
            Experiment.EXP12);

    private final String device;
    private final Sizes sizes;
    private final long deadline;
    private final Consumer<Line> results;
    private final Predicate<String> wanted;
    private final Map<Precision, Ceilings> ceilings = new EnumMap<>(Precision.class);
    /** What memory gives, the same in every precision. */
    private OptionalDouble copyRate = OptionalDouble.empty();
    private String description;
    private boolean failed;

    /**
     * What is to be measured.
     *
     * @param device as on the command line, but for {@code auto}
     * @param deadline the time, as {@link System#nanoTime()} counts, after which nothing more is begun
     * @param results hear of everything that was measured
     * @param wanted of the names of steps and operations those that are measured
     */
    Measurement(String device, Sizes sizes, long deadline, Consumer<Line> results, Predicate<String> wanted) {
        this.device = device;
        this.description = device;
        this.sizes = sizes;
        this.deadline = deadline;
        this.results = results;
        this.wanted = wanted;
    }

    /** The names of all steps and operations. */
    static Stream<String> names(Sizes sizes) {
        return Stream.concat(RUNS.stream().map(Experiment::toString),
                StudyOperations.of(sizes).stream().map(StudyOperations.Candidate::name));
    }

    /**
     * Measures in these precisions.
     *
     * @return whether nothing failed; what the time did not suffice for is no failure
     */
    boolean measure(List<Precision> precisions, String commit, String command) {
        try (Backend backend = Backends.open(device, precisions.getFirst())) {
            Setting setting = Setting.of(backend, commit, command);
            description = setting.device();
            results.accept(setting);
        }
        Optional<Gpu> gpu = Gpu.of(device);
        try {
            for (Precision precision : precisions) {
                attempt("everything", precision, () -> measureCeilings(precision, gpu));
            }
            for (Experiment run : RUNS.stream().filter(run -> wanted.test(run.toString())).toList()) {
                for (Precision precision : List.copyOf(ceilings.keySet())) {
                    attempt(run.toString(), precision, () -> measureStep(run, precision, gpu));
                }
            }
            for (Precision precision : List.copyOf(ceilings.keySet())) {
                attempt("operations", precision, () -> measureOperations(precision));
            }
        } finally {
            gpu.ifPresent(Gpu::close);
        }
        return !failed;
    }

    private void measureCeilings(Precision precision, Optional<Gpu> gpu) {
        try (Backend backend = Backends.open(device, precision); Timer timer = timer(backend)) {
            if (copyRate.isEmpty()) {
                copyRate = OptionalDouble.of(gpu.isPresent() ? gpu.get().copyRate(sizes.copyBytes()) : sumRate());
            }
            Ceilings measured = new Ceilings(productRate(backend, timer), copyRate.getAsDouble());
            ceilings.put(precision, measured);
            results.accept(Line.Ceiling.of(description, precision, measured));
        }
    }

    private double productRate(Backend backend, Timer timer) {
        int size = sizes.ceilingSize();
        try (MeasuredLinear product = new MeasuredLinear(backend, new LinearSpec(size, size, size, Activation.NONE))) {
            Call forward = product.calls().getFirst();
            return forward.work().flop() / timer.time(forward.run()).seconds().lowest();
        }
    }

    /**
     * On a host, where one core alone does not reach what its memory gives: a sum, two numbers read and one written, in the
     * precision that needs no conversion.
     */
    private double sumRate() {
        try (Backend backend = Backends.open(device, RooflineBenchmark.precisions(device).getFirst());
                Timer timer = timer(backend);
                MeasuredSum sum = new MeasuredSum(backend, sizes.copyBytes() / backend.activationType().bytes())) {
            Call call = sum.calls().getFirst();
            return call.work().bytes() / timer.time(call.run()).seconds().lowest();
        }
    }

    private void measureStep(Experiment run, Precision precision, Optional<Gpu> gpu) {
        long free = gpu.map(Gpu::freeBytes).orElse(0L);
        try (Backend backend = Backends.open(device, precision);
                MeasuredStep step = new MeasuredStep(backend, run, sizes);
                Timer timer = timer(backend)) {
            Call call = step.call();
            Timer.Timing timing = timer.time(call.run());
            add(precision, call, timing,
                    gpu.map(present -> OptionalLong.of(present.takenSince(free))).orElse(OptionalLong.empty()));
        }
    }

    private void measureOperations(Precision precision) {
        List<StudyOperations.Candidate> candidates = StudyOperations.of(sizes).stream()
                .filter(candidate -> wanted.test(candidate.name())).toList();
        try (Backend backend = Backends.open(device, precision); Timer timer = timer(backend)) {
            for (StudyOperations.Candidate candidate : candidates) {
                attempt(candidate.name(), precision, () -> {
                    try (MeasuredOperation operation = candidate.on().apply(backend)) {
                        for (Call call : operation.calls()) {
                            add(precision, call, timer.time(call.run()), OptionalLong.empty());
                        }
                    }
                });
            }
        }
    }

    private Timer timer(Backend backend) {
        return new Timer(backend, Gpu.is(device) || sizes.equals(Sizes.SMALL) ? 0 : Timer.WARM_UP_OF_HOST);
    }

    private void add(Precision precision, Call call, Timer.Timing timing, OptionalLong memory) {
        Line.Result result = Line.Result.of(description, precision, call, timing, ceilings.get(precision), memory);
        results.accept(result);
        System.err.println(precision.label() + " " + call.name() + ": " + result.seconds() * 1e6 + " us");
    }

    private void attempt(String what, Precision precision, Runnable measurement) {
        if (System.nanoTime() - deadline > 0) {
            results.accept(new Line.Missing(description, what, precision, "the time was over"));
            return;
        }
        try {
            measurement.run();
        } catch (RuntimeException | OutOfMemoryError failure) {
            // Whatever it is, it is told in the results, and other measurements may go well.
            failed = true;
            results.accept(new Line.Missing(description, what, precision, failure.toString()));
        }
    }
}
