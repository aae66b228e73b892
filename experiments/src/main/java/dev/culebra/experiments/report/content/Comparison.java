package dev.culebra.experiments.report.content;

import java.util.function.DoubleFunction;

import dev.culebra.experiments.run.Statistic;

/**
 * Two numbers of which the lower one is better.
 *
 * @param base what is compared with
 * @param other what is compared
 */
record Comparison(Statistic base, Statistic other) {
    /** Less than that, relatively, is called no difference: the write-ups of the study differ by as much. */
    private static final double NOTICEABLE = 0.01;

    /** What came of it. */
    enum Verdict {
        /** The other one is lower. */
        LOWER,
        /** There is no difference to speak of. */
        EQUAL,
        /** The other one is higher. */
        HIGHER
    }

    /** Equal within one percent, or within the spread of repeated runs. */
    Verdict verdict() {
        double difference = other.mean() - base.mean();
        if (Math.abs(difference) < NOTICEABLE * base.mean()
                || Math.abs(difference) <= Math.max(base.deviation(), other.deviation())) {
            return Verdict.EQUAL;
        }
        return difference < 0 ? Verdict.LOWER : Verdict.HIGHER;
    }

    /** Such as {@code 146.3 against 146.1 (+0.1 %)}. */
    String text(DoubleFunction<String> format) {
        return Formats.statistic(other, format) + " against " + Formats.statistic(base, format) + " ("
                + Formats.difference(other.mean(), base.mean()) + ")";
    }
}
