package dev.culebra.experiments.run;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
    /** Of a run that told nothing. */
    public static final RunSummary NONE = new RunSummary(List.of(), List.of(), Optional.empty(), Optional.empty());

    /** Reads a run's metrics. */
    public static RunSummary of(RunDirectory directory) {
        List<Event> events = MetricsFile.read(directory.metrics());
        return new RunSummary(Event.all(events, Event.Epoch.class), Event.all(events, Event.Validation.class),
                Event.all(events, Event.Evaluation.class).stream()
                        .filter(evaluation -> evaluation.split() == SplitName.TEST)
                        .map(Event.Evaluation::measurement).findFirst(),
                Event.all(events, Event.Step.class).stream().reduce((_, last) -> last));
    }

    /** The epoch with the lowest validation perplexity. */
    public Optional<Event.Epoch> best() {
        return epochs.stream().min(Comparator.comparingDouble(epoch -> epoch.validation().perplexity()));
    }

    /** The validation split after the last step of an epoch that was cut short, if it was evaluated there. */
    public Optional<Measurement> last() {
        return lastStep.filter(_ -> isCutShort()).flatMap(step -> validations.stream()
                .filter(validation -> validation.step() == step.step()).findFirst())
                .map(Event.Validation::validation);
    }

    /** What the run came to, such as {@code Best validation perplexity 145.5 after epoch 2.}; empty if to nothing. */
    public List<String> sentences() {
        return Stream.of(ofEpochs(), ofRest()).flatMap(Optional::stream).toList();
    }

    private Optional<String> ofEpochs() {
        return best().map(best -> "Best validation perplexity " + Numbers.perplexity(best.validation().perplexity())
                + " after epoch " + best.epoch()
                + (isCutShort()
                        ? ""
                        : ofTest("; ").map(text -> text + " after epoch " + epochs.getLast().epoch()).orElse(""))
                + ".");
    }

    private Optional<String> ofRest() {
        return lastStep.filter(_ -> isCutShort()).map(step -> "Loss " + Numbers.loss(step.loss()) + " at step "
                + step.step() + ". Epoch " + step.epoch() + " was cut short, "
                + last().map(validation -> "with a validation perplexity of "
                        + Numbers.perplexity(validation.perplexity()) + ofTest(" and a ").orElse("") + ".")
                        .orElse("so it is not evaluated: 'evaluate' does that for its checkpoint, --validate-every for a "
                                + "run."));
    }

    private Optional<String> ofTest(String before) {
        return test.map(measured -> before + "test perplexity " + Numbers.perplexity(measured.perplexity()));
    }

    private boolean isCutShort() {
        return lastStep.filter(step -> epochs.size() < step.epoch()).isPresent();
    }
}
