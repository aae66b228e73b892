package dev.culebra.experiments.run;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import dev.culebra.experiments.data.SplitName;

/**
 * What came of a run, as its metrics tell.
 *
 * @param epochs the epochs that were completed, in their order
 * @param test the test split after the last of them, if the run ended with a whole epoch
 * @param lastStep the last step that was recorded, if any was
 */
public record RunSummary(List<Event.Epoch> epochs, Optional<Measurement> test, Optional<Event.Step> lastStep) {
    /** Of a run that told nothing. */
    public static final RunSummary NONE = new RunSummary(List.of(), Optional.empty(), Optional.empty());

    /** Reads a run's metrics. */
    public static RunSummary of(RunDirectory directory) {
        List<Event> events = MetricsFile.read(directory.metrics());
        return new RunSummary(all(events, Event.Epoch.class),
                all(events, Event.Evaluation.class).stream().filter(evaluation -> evaluation.split() == SplitName.TEST)
                        .map(Event.Evaluation::measurement).findFirst(),
                all(events, Event.Step.class).stream().reduce((_, last) -> last));
    }

    private static <E extends Event> List<E> all(List<Event> events, Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** What the run came to, such as {@code Best validation perplexity 145.5 after epoch 2.}; empty if to no whole epoch. */
    public String sentence() {
        return best().map(best -> "Best validation perplexity " + Numbers.perplexity(best.validation().perplexity())
                + " after epoch " + best.epoch()
                + test().map(measured -> "; test perplexity " + Numbers.perplexity(measured.perplexity())
                        + " after epoch " + epochs.getLast().epoch()).orElse("")
                + ".").orElse("");
    }

    /** The epoch with the lowest validation perplexity. */
    public Optional<Event.Epoch> best() {
        return epochs.stream().min(Comparator.comparingDouble(epoch -> epoch.validation().perplexity()));
    }
}
