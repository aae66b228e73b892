package dev.culebra.nn;

import java.util.Arrays;

import dev.culebra.runtime.Tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

/** Comparison of computed numbers, where the error that rounding leaves grows with the largest number. */
final class Closeness {
    private Closeness() {}

    /** Asserts |actual - expected| ≤ tolerance · max |expected| for every element. */
    static void assertClose(String what, double[] expected, double[] actual, double tolerance) {
        assertClose(what, expected, actual, tolerance, 0);
    }

    /**
     * The same where the error comes from larger numbers than the result: the gradient of an attention's key bias, for
     * one, is a sum that cancels to exactly 0.
     *
     * @param leastScale taken for max |expected| where that is less
     */
    static void assertClose(String what, double[] expected, double[] actual, double tolerance, double leastScale) {
        assertEquals(expected.length, actual.length, what + ": the number of elements");
        double scale = Math.max(largest(expected), leastScale);
        for (int i = 0; i < expected.length; i++) {
            // Written so that NaN fails.
            if (!(Math.abs(actual[i] - expected[i]) <= tolerance * scale)) {
                fail(what + "[" + i + "] is " + actual[i] + " instead of " + expected[i] + ", tolerance "
                        + tolerance * scale);
            }
        }
    }

    /** max |value|. */
    static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElse(0);
    }

    static void assertClose(String what, double[] expected, Tensor actual, double tolerance) {
        assertClose(what, expected, actual.toDoubles(), tolerance);
    }

    static void assertClose(String what, double expected, double actual, double tolerance) {
        assertClose(what, new double[] {expected}, new double[] {actual}, tolerance);
    }
}
