package dev.culebra.experiments.report.runs;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.DoubleStream;

import dev.culebra.experiments.data.SplitName;
import dev.culebra.experiments.run.Event;
import dev.culebra.experiments.run.Measurement;

/**
 * A run as its folder tells it.
 *
 * @param folder its name below the folder of runs
 * @param settings what was asked for
 * @param circumstances what {@code config.json} tells of versions, machine and card, by name
 * @param events what happened, in its order
 */
public record RecordedRun(String folder, RecordedSettings settings, Map<String, String> circumstances,
        List<Event> events) {
    /** No model of a vocabulary that fits a GPU is that much worse than a guess. */
    private static final double HOPELESS = 1e6;
    /** How far above its best perplexity a run has not overfitted but diverged. */
    private static final double RISE = 10;

    /** How far a run came. */
    public enum State {
        /** It made all its steps. */
        FINISHED,
        /** It made some of them. */
        UNFINISHED,
        /** Its loss or its weights are no finite numbers, or its perplexity is far above all sense. */
        DIVERGED
    }

    /** How far it came. */
    public State state() {
        boolean diverged = !finite() || all(Event.Failure.class).stream().anyMatch(Event.Failure::diverged)
                || !points().isEmpty() && (bestPerplexity() > HOPELESS
                        || points().getLast().validation().perplexity() > RISE * bestPerplexity());
        return diverged ? State.DIVERGED : all(Event.End.class).isEmpty() ? State.UNFINISHED : State.FINISHED;
    }

    private boolean finite() {
        return DoubleStream.concat(steps().stream().mapToDouble(Event.Step::loss),
                points().stream().flatMapToDouble(
                        point -> DoubleStream.of(point.train().perplexity(), point.validation().perplexity())))
                .allMatch(Double::isFinite);
    }

    private double bestPerplexity() {
        return best().map(point -> point.validation().perplexity()).orElse(Double.NaN);
    }

    private <E extends Event> List<E> all(Class<E> kind) {
        return Event.all(events, kind);
    }

    /** How it was first started; what later starts say of the embeddings is that they come from its checkpoint. */
    public Optional<Event.Start> start() {
        return all(Event.Start.class).stream().findFirst();
    }

    /** The steps that it is to have made at its end, as it was last started; those that it made where no start is told. */
    public long totalSteps() {
        return all(Event.Start.class).stream().mapToLong(Event.Start::totalSteps).reduce((_, last) -> last)
                .orElseGet(this::stepsMade);
    }

    /**
     * A point of a run at which the validation split was evaluated.
     *
     * @param epoch how often the training split was read until then
     * @param seconds of training until then, evaluations left out
     * @param train the batches of the epoch so far, each before its update
     * @param validation the validation split
     */
    public record Point(double epoch, double seconds, Measurement train, Measurement validation) {}

    /** What counts of a run: the ends of its epochs, or, where none is complete, the validations within the first. */
    public List<Point> points() {
        return epochs().isEmpty()
                ? all(Event.Validation.class).stream()
                        .map(within -> new Point(fraction(within.step()), within.seconds(),
                                within.train(), within.validation()))
                        .toList()
                : epochs().stream().map(epoch -> new Point(epoch.epoch(), secondsUntil(epoch.epoch()), epoch.train(),
                        epoch.validation())).toList();
    }

    private double fraction(long step) {
        return start().map(start -> (double) step / start.stepsPerEpoch()).orElse(Double.NaN);
    }

    private double secondsUntil(int epoch) {
        return epochs().stream().filter(each -> each.epoch() <= epoch).mapToDouble(Event.Epoch::seconds).sum();
    }

    /** The completed epochs. */
    public List<Event.Epoch> epochs() {
        return all(Event.Epoch.class);
    }

    /** How many tokens it learns from: those of an epoch, or as many as it has read of the first. */
    public long trainingTokens() {
        return points().isEmpty()
                ? 0
                : (epochs().isEmpty() ? points().getLast() : points().getFirst()).train().tokens();
    }

    /** The logged steps. */
    public List<Event.Step> steps() {
        return all(Event.Step.class);
    }

    /** What it needs its memory for. */
    public Optional<Event.MemoryPlan> memoryPlan() {
        return all(Event.MemoryPlan.class).stream().findFirst();
    }

    /** The test split at the end. */
    public Optional<Measurement> test() {
        return all(Event.Evaluation.class).stream().filter(evaluation -> evaluation.split() == SplitName.TEST)
                .map(Event.Evaluation::measurement).reduce((_, last) -> last);
    }

    /** The point with the lowest validation perplexity. */
    public Optional<Point> best() {
        return points().stream().filter(point -> Double.isFinite(point.validation().perplexity()))
                .min(Comparator.comparingDouble(point -> point.validation().perplexity()));
    }

    /** The steps that were made, as far as the metrics tell. */
    public long stepsMade() {
        return events.stream().mapToLong(event -> switch (event) {
            case Event.Step step -> step.step();
            case Event.Validation validation -> validation.step();
            case Event.Epoch epoch -> epoch.step();
            case Event.Failure failure -> failure.step();
            case Event.End end -> end.step();
            default -> 0;
        }).max().orElse(0);
    }

    /**
     * The seconds of an epoch: the mean from the second on, which the first one's preparations do not slow. Where none is
     * complete, as many steps of an epoch as the logged ones are, from the second on too.
     */
    public OptionalDouble secondsPerEpoch() {
        OptionalDouble step = steadySteps().stream().mapToDouble(Event.Step::seconds).average();
        return !epochs().isEmpty()
                ? steadyEpochs().stream().mapToDouble(Event.Epoch::seconds).average()
                : step.isEmpty() || start().isEmpty()
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(step.getAsDouble() * start().get().stepsPerEpoch());
    }

    /** The logged steps from the second on; the first where it is the only one. */
    private List<Event.Step> steadySteps() {
        return steps().size() > 1 ? steps().subList(1, steps().size()) : steps();
    }

    /** Training tokens a second in the same epochs or steps. */
    public OptionalDouble tokensPerSecond() {
        List<Event.Epoch> steady = steadyEpochs();
        if (steady.isEmpty()) {
            double seconds = steadySteps().stream().mapToDouble(Event.Step::seconds).sum();
            return seconds == 0
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(steadySteps().stream()
                            .mapToDouble(step -> step.tokensPerSecond() * step.seconds()).sum() / seconds);
        }
        return OptionalDouble.of(steady.stream().mapToLong(epoch -> epoch.train().tokens()).sum()
                / steady.stream().mapToDouble(Event.Epoch::seconds).sum());
    }

    /** The epochs from the second on; the first where it is the only one. */
    public List<Event.Epoch> steadyEpochs() {
        return epochs().size() > 1 ? epochs().subList(1, epochs().size()) : epochs();
    }

    /** The device's memory in the steady epochs: their mean, their peak, and who said so. */
    public Optional<Event.DeviceMemory> deviceMemory() {
        List<Event.DeviceMemory> samples = steadyEpochs().stream().flatMap(epoch -> epoch.deviceMemory().stream())
                .toList();
        return samples.isEmpty()
                ? Optional.empty()
                : Optional.of(new Event.DeviceMemory(
                        Math.round(samples.stream().mapToLong(Event.DeviceMemory::meanBytes).average().orElseThrow()),
                        samples.stream().mapToLong(Event.DeviceMemory::peakBytes).max().orElseThrow(),
                        samples.getLast().source()));
    }

    /** The most memory of the host that the process had. */
    public OptionalLong hostMemory() {
        return events.stream().mapToLong(event -> switch (event) {
            case Event.Epoch epoch -> epoch.peakMemoryBytes();
            case Event.End end -> end.peakMemoryBytes();
            default -> 0;
        }).filter(bytes -> bytes > 0).max();
    }
}
