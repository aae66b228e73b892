package dev.culebra.experiments.study;

import java.util.OptionalInt;
import java.util.function.DoublePredicate;

import dev.culebra.experiments.failure.BadInputException;

/** Checks of option values; a value that cannot be is one line that names the option. */
public final class Require {
    private Require() {}

    public static void positive(String option, OptionalInt value) {
        value.ifPresent(given -> atLeast(option, given, 1));
    }

    public static void atLeast(String option, long value, long least) {
        if (value < least) {
            throw new BadInputException(option + " must be at least " + least + ", but is " + value);
        }
    }

    /** Checks a number; NaN never passes, as comparisons with it are false. */
    public static void that(String option, double value, DoublePredicate condition, String wording) {
        if (!condition.test(value)) {
            throw new BadInputException(option + " must be " + wording + ", but is " + value);
        }
    }

    public static void finiteAndNotNegative(String option, double value) {
        that(option, value, number -> number >= 0 && number < Double.POSITIVE_INFINITY, "a number of at least 0");
    }

    public static void probabilityBelowOne(String option, double value) {
        that(option, value, number -> number >= 0 && number < 1, "at least 0 and below 1");
    }
}
