package dev.culebra.nn;

/**
 * The learning rate of each step: a linear warm-up, then constant, or falling to 0 at the last step.
 *
 * @param kind what follows the warm-up
 * @param learningRate η, the highest rate
 * @param warmupSteps the number of steps of the warm-up; 0 for none
 * @param totalSteps the number of steps of the whole run; a constant rate does not depend on it
 */
public record LearningRateSchedule(Kind kind, double learningRate, long warmupSteps, long totalSteps) {
    /** What follows the warm-up. */
    public enum Kind {
        /** η. */
        CONSTANT,
        /** η (total - s) / (total - warmup). */
        LINEAR,
        /** η (1 + cos(π (s - warmup) / (total - warmup))) / 2 (Loshchilov and Hutter 2017, without restarts). */
        COSINE
    }

    /** Checks that the rate is a number not below 0 and that a falling rate has steps to fall in. */
    public LearningRateSchedule {
        if (!(learningRate >= 0 && Double.isFinite(learningRate))) {
            throw new IllegalArgumentException("the learning rate must be 0 or more, but is " + learningRate);
        }
        if (warmupSteps < 0) {
            throw new IllegalArgumentException("the warm-up must have 0 steps or more, but has " + warmupSteps);
        }
        if (kind != Kind.CONSTANT && totalSteps <= warmupSteps) {
            throw new IllegalArgumentException("a warm-up of " + warmupSteps + " steps leaves none of " + totalSteps
                    + " for the rate to fall in");
        }
    }

    /** The same rate in every step. */
    public static LearningRateSchedule constant(double learningRate) {
        return new LearningRateSchedule(Kind.CONSTANT, learningRate, 0, 0);
    }

    /** The rate of step {@code step}, from 0 on: η (step + 1) / warmup during the warm-up, never below 0 after it. */
    public double at(long step) {
        if (step < warmupSteps) {
            return learningRate * (step + 1) / warmupSteps;
        }
        return switch (kind) {
            case CONSTANT -> learningRate;
            case LINEAR -> learningRate * Math.max(0, totalSteps - step) / (totalSteps - warmupSteps);
            case COSINE -> {
                double progress = Math.min(1, (double) (step - warmupSteps) / (totalSteps - warmupSteps));
                yield learningRate * 0.5 * (1 + Math.cos(Math.PI * progress));
            }
        };
    }
}
