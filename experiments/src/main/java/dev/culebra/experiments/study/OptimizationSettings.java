package dev.culebra.experiments.study;

import java.util.List;
import java.util.OptionalDouble;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.nn.LearningRateSchedule;
import dev.culebra.runtime.operation.OptimizerSpec;

/**
 * How a run learns.
 *
 * @param optimizer which update is made
 * @param learningRate η
 * @param weightDecay λ: decoupled in AdamW, added to the gradient in the others
 * @param momentum μ of the momentum optimiser
 * @param betas β₁ and β₂ of Adam and AdamW
 * @param epsilon ε of Adam and AdamW
 * @param schedule how the learning rate changes
 * @param warmupSteps over how many steps the learning rate rises first
 * @param clipNorm the norm to which all gradients together are clipped, if they are
 */
@JsonNaming(PropertyNamingStrategies.KebabCaseStrategy.class)
public record OptimizationSettings(OptimizerKind optimizer, @JsonProperty("lr") double learningRate,
        double weightDecay, double momentum, List<Double> betas,
        @JsonProperty("eps") double epsilon, Schedule schedule, long warmupSteps,
        OptionalDouble clipNorm) {
    /**
     * Checks every number by itself.
     *
     * @throws BadInputException naming the option that cannot be
     */
    public OptimizationSettings {
        Require.finiteAndNotNegative("--lr", learningRate);
        Require.finiteAndNotNegative("--weight-decay", weightDecay);
        Require.probabilityBelowOne("--momentum", momentum);
        if (betas.size() != 2) {
            throw new BadInputException("--betas must be two numbers such as 0.9,0.999, but is " + betas);
        }
        betas = List.copyOf(betas);
        betas.forEach(beta -> Require.probabilityBelowOne("--betas", beta));
        Require.finiteAndNotNegative("--eps", epsilon);
        Require.atLeast("--warmup-steps", warmupSteps, 0);
        clipNorm.ifPresent(norm -> Require.that("--clip-norm", norm, number -> number > 0, "above 0"));
    }

    /** The update to make. */
    public OptimizerSpec optimizerSpec() {
        return switch (optimizer) {
            case SGD -> new OptimizerSpec.Sgd(weightDecay);
            case MOMENTUM -> new OptimizerSpec.Momentum(momentum, weightDecay);
            case ADAM -> new OptimizerSpec.Adam(betas.get(0), betas.get(1), epsilon, weightDecay);
            case ADAMW -> new OptimizerSpec.AdamW(betas.get(0), betas.get(1), epsilon, weightDecay);
        };
    }

    /**
     * The learning rate of each step of a run.
     *
     * @throws BadInputException if the warm-up leaves no step for a rate that is to fall
     */
    public LearningRateSchedule learningRates(long totalSteps) {
        if (schedule != Schedule.CONSTANT && warmupSteps >= totalSteps) {
            throw new BadInputException("--warmup-steps " + warmupSteps + " leaves none of the run's " + totalSteps
                    + " steps for the " + schedule + " schedule; choose a shorter warm-up or a longer run");
        }
        return new LearningRateSchedule(schedule.kind(), learningRate, warmupSteps, totalSteps);
    }
}
