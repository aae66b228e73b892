package dev.culebra.experiments.report.runs;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

import dev.culebra.experiments.run.Event;
import dev.culebra.experiments.run.Measurement;
import dev.culebra.experiments.study.Experiment;
import dev.culebra.experiments.study.ModelKind;

/**
 * A run, or runs that differ in nothing but their seed. Its numbers are over those that have them.
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

    /** Epochs that every run completed. */
    public int completedEpochs() {
        return runs.stream().mapToInt(run -> run.epochs().size()).min().orElse(0);
    }

    /** Whether there is a completed epoch with a finite validation perplexity. */
    public boolean isMeasured() {
        return runs.stream().anyMatch(run -> run.best().isPresent());
    }

    /** The lowest validation perplexity over epochs. */
    public Optional<Statistic> bestValidation() {
        return overRuns(run -> run.best().map(epoch -> epoch.validation().perplexity()));
    }

    /** The epochs in which the runs have it, the earliest first. */
    public List<Integer> bestEpochs() {
        return runs.stream().flatMap(run -> run.best().stream()).map(Event.Epoch::epoch).sorted()
                .distinct().toList();
    }

    /** The validation perplexity after the last epoch. */
    public Optional<Statistic> lastValidation() {
        return overRuns(run -> last(run).map(epoch -> epoch.validation().perplexity()));
    }

    /** The train perplexity of the last epoch. */
    public Optional<Statistic> lastTrain() {
        return overRuns(run -> last(run).map(epoch -> epoch.train().perplexity()));
    }

    /** The test perplexity after the last epoch. */
    public Optional<Statistic> test() {
        return overRuns(run -> run.test().map(Measurement::perplexity));
    }

    /** The seconds of an epoch. */
    public Optional<Statistic> secondsPerEpoch() {
        return overRuns(run -> optional(run.secondsPerEpoch()));
    }

    /** The seconds of training until the best epoch is over. */
    public Optional<Statistic> secondsToBest() {
        return overRuns(run -> run.best().map(epoch -> run.secondsUntil(epoch.epoch())));
    }

    /** The seconds of training of all completed epochs. */
    public Optional<Statistic> trainingSeconds() {
        return overRuns(run -> last(run).map(epoch -> run.secondsUntil(epoch.epoch())));
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

    /** The train and validation perplexities epoch by epoch, over the runs that got so far. */
    public List<CurvePoint> curve() {
        int epochs = runs.stream().mapToInt(run -> run.epochs().size()).max().orElse(0);
        return IntStream.range(0, epochs).mapToObj(index -> {
            List<RecordedRun> there = runs.stream().filter(run -> run.epochs().size() > index).toList();
            List<Event.Epoch> at = there.stream().map(run -> run.epochs().get(index)).toList();
            return new CurvePoint(at.getFirst().epoch(),
                    there.stream().mapToDouble(run -> run.secondsUntil(run.epochs().get(index).epoch())).average()
                            .orElseThrow(),
                    Statistic.of(at.stream().mapToDouble(epoch -> epoch.train().perplexity())),
                    Statistic.of(at.stream().mapToDouble(epoch -> epoch.validation().perplexity())));
        }).toList();
    }

    /**
     * An epoch of a group.
     *
     * @param epoch its number
     * @param seconds of training until its end
     * @param train its train perplexity; nothing where it is no finite number
     * @param validation its validation perplexity, in the same way
     */
    public record CurvePoint(int epoch, double seconds, Optional<Statistic> train, Optional<Statistic> validation) {}

    private interface Quantity {
        Optional<Double> of(RecordedRun run);
    }

    private Optional<Statistic> overRuns(Quantity quantity) {
        return Statistic.of(runs.stream().map(quantity::of).flatMap(Optional::stream).mapToDouble(Double::doubleValue));
    }

    private static Optional<Event.Epoch> last(RecordedRun run) {
        return run.epochs().isEmpty() ? Optional.empty() : Optional.of(run.epochs().getLast());
    }

    private static Optional<Double> optional(OptionalDouble value) {
        return DoubleStream.of(value.orElse(Double.NaN)).filter(Double::isFinite).boxed().findFirst();
    }
}
