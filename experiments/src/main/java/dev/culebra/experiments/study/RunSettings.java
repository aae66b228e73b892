package dev.culebra.experiments.study;

import java.util.OptionalLong;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.culebra.runtime.Precision;

/**
 * Where and for how long a run computes.
 *
 * @param device as on the command line: {@code auto}, {@code cuda}, {@code cuda:N}, {@code cpu}, {@code reference}
 * @param precision the arithmetic
 * @param epochs how often the training split is read
 * @param maxSteps after how many steps the run ends even so
 * @param seed of initial weights, order and dropout
 */
@JsonNaming(PropertyNamingStrategies.KebabCaseStrategy.class)
public record RunSettings(String device, Precision precision, int epochs,
        OptionalLong maxSteps, long seed) {
    /**
     * Checks the numbers.
     *
     * @throws dev.culebra.experiments.failure.BadInputException naming the option that cannot be
     */
    public RunSettings {
        Require.atLeast("--epochs", epochs, 1);
        maxSteps.ifPresent(steps -> Require.atLeast("--max-steps", steps, 1));
    }

    /** The same with another seed. */
    public RunSettings withSeed(long other) {
        return new RunSettings(device, precision, epochs, maxSteps, other);
    }

    /** The same with so many epochs. */
    public RunSettings withEpochs(int count) {
        return new RunSettings(device, precision, count, maxSteps, seed);
    }
}
