package dev.culebra.experiments.run;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import dev.culebra.experiments.data.SplitName;

/**
 * What came of a run, as its metrics tell.
 *
 * @param epochs the epochs that were completed, in their order
 * @param validations of the validation split within epochs, in their order
 * @param test the test split at the end of the run, if that was evaluated
 * @param lastStep the last step that was recorded, if any was
 */
public record RunSummary(List<Event.Epoch> epochs, List<Event.Validation> validations, Optional<Measurement> test,
        Optional<Event.Step> lastStep) {
    /** Reads a run's metrics. */
    public static RunSummary of(RunDirectory directory) {
        List<Event> events = MetricsFile.read(directory.metrics());
        return new RunSummary(all(events, Event.Epoch.class), all(events, Event.Validation.class),
                all(events, Event.Evaluation.class).stream().filter(evaluation -> evaluation.split() == SplitName.TEST)
                        .map(Event.Evaluation::measurement).findFirst(),
                all(events, Event.Step.class).stream().reduce((_, last) -> last));
    }

    private static <E extends Event> List<E> all(List<Event> events, Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The epoch with the lowest validation perplexity. */
    public Optional<Event.Epoch> best() {
        return epochs.stream().min(Comparator.comparingDouble(epoch -> epoch.validation().perplexity()));
    }
}
