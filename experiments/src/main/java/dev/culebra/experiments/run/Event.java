package dev.culebra.experiments.run;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.culebra.experiments.data.SplitName;
import dev.culebra.experiments.failure.DivergedException;
import dev.culebra.experiments.failure.RunFailedException;
import dev.culebra.nn.MemoryUse;
import dev.culebra.runtime.Precision;

/** What happens in a run: a line of {@code metrics.jsonl}, and of standard output with {@code --json}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({@JsonSubTypes.Type(value = Event.Start.class, name = "start"),
    @JsonSubTypes.Type(value = Event.MemoryPlan.class, name = "memory"),
    @JsonSubTypes.Type(value = Event.Step.class, name = "step"),
    @JsonSubTypes.Type(value = Event.Validation.class, name = "validation"),
    @JsonSubTypes.Type(value = Event.Epoch.class, name = "epoch"),
    @JsonSubTypes.Type(value = Event.Evaluation.class, name = "evaluation"),
    @JsonSubTypes.Type(value = Event.Failure.class, name = "failure"),
    @JsonSubTypes.Type(value = Event.End.class, name = "end")})
public sealed interface Event {
    /** Those of some events that are of a kind, in their order. */
    static <E extends Event> List<E> all(List<Event> events, Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /**
     * A run was started, or continued.
     *
     * @param run its name
     * @param step the steps it had made before
     * @param totalSteps the steps it is to have made at its end
     * @param stepsPerEpoch the steps of an epoch
     * @param learnedParameters how many numbers it learns
     * @param device the backend's name
     * @param precision the arithmetic
     * @param data where the text comes from
     * @param embeddings where the embeddings come from, and whether they are learned
     * @param startUp how long it took until the first step could follow
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Start(String run, long step, long totalSteps, int stepsPerEpoch, long learnedParameters, String device,
            Precision precision, String data, String embeddings, Optional<StartUp> startUp) implements Event {}

    /**
     * How long a run took to start, in seconds, one phase after the other.
     *
     * @param process from the start of the JVM to that of the run: its own classes and the program's, the options; in a study the
     *     runs before it too
     * @param data the text was read
     * @param device native libraries were loaded, and the device opened
     * @param model the text's checksum, the weights drawn or read, the operations planned, the run's files opened
     */
    record StartUp(double process, double data, double device, double model) {}

    /**
     * A step was made.
     *
     * @param step its number, from 1 on
     * @param epoch its epoch, from 1 on
     * @param loss the loss of its batch, before its update
     * @param tokensPerSecond unmasked tokens since the last logged step
     * @param seconds that a step took since then, on average
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Step(long step, int epoch, double loss, double tokensPerSecond,
            double seconds) implements Event {}

    /**
     * The validation split was evaluated within an epoch.
     *
     * @param epoch its number, from 1 on
     * @param step the number of steps made so far
     * @param train the batches of this epoch so far, each before its update
     * @param validation the validation split
     * @param seconds that the training of this epoch took so far, without evaluations
     */
    record Validation(int epoch, long step, Measurement train, Measurement validation,
            double seconds) implements Event {}

    /**
     * An epoch was completed.
     *
     * @param epoch its number, from 1 on
     * @param step the number of steps made so far
     * @param train the batches of this epoch, each before its update
     * @param validation the validation split after it
     * @param seconds that the training of this epoch took, without the evaluation
     * @param peakMemoryBytes the most memory of the host this process has had so far
     * @param deviceMemory the device's memory that it had while this epoch was trained, where the device is not the host
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Epoch(int epoch, long step, Measurement train, Measurement validation, double seconds,
            long peakMemoryBytes, Optional<DeviceMemory> deviceMemory) implements Event {}

    /**
     * Memory of a device that this process had, sampled every second.
     *
     * @param meanBytes the mean of the samples
     * @param peakBytes the largest
     * @param source who said so, and what is counted
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record DeviceMemory(long meanBytes, long peakBytes, String source) {}

    /**
     * The run has all the memory that it will need, in bytes: after its first steps.
     *
     * @param parameters all weights, learned and frozen
     * @param gradients those of the learned weights
     * @param optimizerState what the optimiser keeps beside each learned weight
     * @param activations activations, their gradients, and what is kept for the way back
     * @param batches tokens, targets, losses, and states between sequences
     * @param workspace scratch memory, and copies of weights in another layout or type
     * @param total all of that
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record MemoryPlan(long parameters, long gradients, long optimizerState, long activations, long batches,
            long workspace,
            long total) implements Event {
        static MemoryPlan of(MemoryUse use) {
            return new MemoryPlan(use.parameters(), use.gradients(), use.optimizerState(), use.activations(),
                    use.batches(), use.workspace(), use.total());
        }
    }

    /**
     * A split was evaluated.
     *
     * @param split which
     * @param measurement the result
     */
    record Evaluation(SplitName split, @JsonUnwrapped Measurement measurement) implements Event {}

    /**
     * The run could not go on. When it is continued, this is forgotten: it goes on from its last checkpoint.
     *
     * @param step the number of steps it had made
     * @param diverged whether it came to a loss or to weights that are no finite numbers
     * @param reason what is told of it, in one line
     */
    record Failure(long step, boolean diverged, String reason) implements Event {
        static Failure of(long step, Throwable failure) {
            String text = failure instanceof RunFailedException ? failure.getMessage() : failure.toString();
            return new Failure(step, failure instanceof DivergedException,
                    text.lines().filter(line -> !line.isBlank()).findFirst().orElse(""));
        }
    }

    /**
     * The run is complete.
     *
     * @param step the number of steps it made
     * @param seconds that it took since it was started or last resumed
     * @param peakMemoryBytes the most memory this process has had
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record End(long step, double seconds, long peakMemoryBytes) implements Event {}
}
