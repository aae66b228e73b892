package dev.culebra.experiments.report.runs;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

import dev.culebra.experiments.run.Event;
import dev.culebra.experiments.run.Measurement;
import dev.culebra.experiments.run.Statistic;
import dev.culebra.experiments.study.Experiment;
import dev.culebra.experiments.study.ModelKind;

/**
 * A run, or runs that differ in nothing but their seed. Its numbers are over {@link #counted()}, as far as those have them.
 *
 * @param label its name in the report
 * @param experiment which of the study's twelve it stands for, if it does
 * @param runs the runs, at least one
 */
public record RunGroup(String label, Optional<Experiment> experiment, List<RecordedRun> runs) {
    /** The settings that all runs share. */
    public RecordedSettings settings() {
        return runs.getFirst().settings();
    }

    /** Which model. */
    public ModelKind model() {
        return settings().model();
    }

    /** Diverged where one run is, else unfinished where one run is. */
    public RecordedRun.State state() {
        List<RecordedRun.State> states = runs.stream().map(RecordedRun::state).toList();
        return states.contains(RecordedRun.State.DIVERGED)
                ? RecordedRun.State.DIVERGED
                : states.contains(RecordedRun.State.UNFINISHED)
                        ? RecordedRun.State.UNFINISHED
                        : RecordedRun.State.FINISHED;
    }

    /** The runs that its numbers are over: those that came the farthest, which runs that were cut short would distort. */
    public List<RecordedRun> counted() {
        double farthest = runs.stream().mapToDouble(RunGroup::reached).max().orElseThrow();
        return runs.stream().filter(run -> Double.compare(reached(run), farthest) == 0).toList();
    }

    private static double reached(RecordedRun run) {
        return last(run).map(RecordedRun.Point::epoch).orElse(0.0);
    }

    /** Epochs that they completed. */
    public int completedEpochs() {
        return counted().stream().mapToInt(run -> run.epochs().size()).min().orElse(0);
    }

    /** How far they were validated, in epochs; 0 where none was. */
    public double validatedEpochs() {
        return reached(counted().getFirst());
    }

    /** Whether there is a finite validation perplexity. */
    public boolean isMeasured() {
        return runs.stream().anyMatch(run -> run.best().isPresent());
    }

    /** The lowest validation perplexity. */
    public Optional<Statistic> bestValidation() {
        return overRuns(run -> run.best().map(point -> point.validation().perplexity()));
    }

    /** The epochs in which they have it, the earliest first. */
    public List<Double> bestEpochs() {
        return counted().stream().flatMap(run -> run.best().stream()).map(RecordedRun.Point::epoch).sorted().distinct()
                .toList();
    }

    /** The validation perplexity at the last point. */
    public Optional<Statistic> lastValidation() {
        return overRuns(run -> last(run).map(point -> point.validation().perplexity()));
    }

    /** The train perplexity at the last point. */
    public Optional<Statistic> lastTrain() {
        return overRuns(run -> last(run).map(point -> point.train().perplexity()));
    }

    /** Validation over train perplexity at the last point, of a group that is measured and did not diverge. */
    public double gap() {
        return lastValidation().orElseThrow().mean() / lastTrain().orElseThrow().mean();
    }

    /** The test perplexity at the end. */
    public Optional<Statistic> test() {
        return overRuns(run -> run.test().map(Measurement::perplexity));
    }

    /** The seconds of an epoch. */
    public Optional<Statistic> secondsPerEpoch() {
        return overRuns(run -> optional(run.secondsPerEpoch()));
    }

    /** The seconds of training until the lowest validation perplexity. */
    public Optional<Statistic> secondsToBest() {
        return overRuns(run -> run.best().map(RecordedRun.Point::seconds));
    }

    /** The seconds of training until the last point. */
    public Optional<Statistic> trainingSeconds() {
        return overRuns(run -> last(run).map(RecordedRun.Point::seconds));
    }

    /** Tokens a second. */
    public Optional<Statistic> tokensPerSecond() {
        return overRuns(run -> optional(run.tokensPerSecond()));
    }

    /** The mean memory of the device in steady state, in bytes. */
    public Optional<Statistic> meanDeviceMemory() {
        return overRuns(run -> run.deviceMemory().map(memory -> (double) memory.meanBytes()));
    }

    /** The most memory of the device in steady state, in bytes. */
    public Optional<Statistic> peakDeviceMemory() {
        return overRuns(run -> run.deviceMemory().map(memory -> (double) memory.peakBytes()));
    }

    /** The most memory of the host, in bytes. */
    public Optional<Statistic> hostMemory() {
        return overRuns(run -> run.hostMemory().isPresent()
                ? Optional.of((double) run.hostMemory().getAsLong())
                : Optional.empty());
    }

    /** What the first run needs its memory for: all need the same. */
    public Optional<Event.MemoryPlan> memoryPlan() {
        return runs.stream().flatMap(run -> run.memoryPlan().stream()).findFirst();
    }

    /** How many numbers are learned. */
    public Optional<Long> learnedParameters() {
        return runs.stream().flatMap(run -> run.start().stream()).map(Event.Start::learnedParameters).findFirst();
    }

    /** The train and validation perplexities point by point. */
    public List<CurvePoint> curve() {
        Map<Double, List<RecordedRun.Point>> points = counted().stream().flatMap(run -> run.points().stream())
                .collect(Collectors.groupingBy(RecordedRun.Point::epoch, TreeMap::new, Collectors.toList()));
        return points.entrySet().stream().map(entry -> new CurvePoint(entry.getKey(),
                entry.getValue().stream().mapToDouble(RecordedRun.Point::seconds).average().orElseThrow(),
                Statistic.of(entry.getValue().stream().mapToDouble(point -> point.train().perplexity())),
                Statistic.of(entry.getValue().stream().mapToDouble(point -> point.validation().perplexity()))))
                .toList();
    }

    /**
     * A point of a group.
     *
     * @param epoch how often the training split was read
     * @param seconds of training until then
     * @param train its train perplexity; nothing where it is no finite number
     * @param validation its validation perplexity, in the same way
     */
    public record CurvePoint(double epoch, double seconds, Optional<Statistic> train, Optional<Statistic> validation) {}

    private interface Quantity {
        Optional<Double> of(RecordedRun run);
    }

    private Optional<Statistic> overRuns(Quantity quantity) {
        return Statistic
                .of(counted().stream().map(quantity::of).flatMap(Optional::stream).mapToDouble(Double::doubleValue));
    }

    private static Optional<RecordedRun.Point> last(RecordedRun run) {
        return run.points().isEmpty() ? Optional.empty() : Optional.of(run.points().getLast());
    }

    private static Optional<Double> optional(OptionalDouble value) {
        return DoubleStream.of(value.orElse(Double.NaN)).filter(Double::isFinite).boxed().findFirst();
    }
}
