package dev.culebra.experiments.study;

import java.util.Locale;

import dev.culebra.nn.LearningRateSchedule;

/** How the learning rate changes over a run, after its warm-up. */
public enum Schedule {
    /** Not at all. */
    CONSTANT(LearningRateSchedule.Kind.CONSTANT),
    /** It falls along a line, to zero at the last step. */
    LINEAR(LearningRateSchedule.Kind.LINEAR),
    /** It falls along half a cosine, to zero at the last step. */
    COSINE(LearningRateSchedule.Kind.COSINE);

    private final LearningRateSchedule.Kind kind;

    Schedule(LearningRateSchedule.Kind kind) {
        this.kind = kind;
    }

    /** The library's name for it. */
    public LearningRateSchedule.Kind kind() {
        return kind;
    }

    /** As on the command line: {@code constant}, {@code linear}, {@code cosine}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
