package dev.culebra.runtime;

import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

/**
 * How far a result may be from the reference's.
 *
 * <p>With u the unit roundoff of the operands' type and s the size of the numbers, a sum of terms of random sign whose
 * operands are rounded to relative u is off by about u s, and so again for every step of a calculation whose result is
 * rounded before the next one. The roundings of the n partial sums of each, in single precision, add at most n 2⁻²⁴ s.
 *
 * @param precision what the operands are rounded to, and what sums are
 * @param terms n, the longest sum
 * @param steps how many sums follow one another
 * @param scale s; the root mean square of the reference's numbers where that is larger
 */
public record Tolerance(Precision precision, long terms, int steps, double scale) {
    /** The largest error among many, in units of the roundoff of the operands' type. */
    private static final int LARGEST_ERROR = 16;

    /** Of a single sum. */
    public static Tolerance of(Precision precision, long terms) {
        return new Tolerance(precision, terms, 1, 0);
    }

    /** Of so many sums, one after another. */
    public Tolerance inSteps(int count) {
        return new Tolerance(precision, terms, count, scale);
    }

    /** Of numbers of this size, where the results are differences of them. */
    public Tolerance ofSize(double size) {
        return new Tolerance(precision, terms, steps, size);
    }

    /** Asserts that numbers are the reference's within what rounding explains. */
    public void assertClose(String name, double[] expected, double[] found) {
        assertEquals(expected.length, found.length, name + ": number of elements");
        double rootMeanSquare = Math.sqrt(Arrays.stream(expected).map(x -> x * x).average().orElse(0));
        double size = Math.max(scale, rootMeanSquare);
        double relative = steps * (LARGEST_ERROR * unitRoundoff() + terms * sumRoundoff());
        for (int i = 0; i < expected.length; i++) {
            double tolerance = relative * (Math.abs(expected[i]) + size);
            if (!(Math.abs(found[i] - expected[i]) <= tolerance)) {
                fail(name + ", element " + i + " is " + found[i] + ", but should be " + expected[i] + " within "
                        + tolerance);
            }
        }
    }

    private double unitRoundoff() {
        return switch (precision) {
            case FP64 -> 0x1p-53;
            case FP32 -> 0x1p-24;
            case TF32 -> 0x1p-11;
            case BF16 -> 0x1p-9;
        };
    }

    private double sumRoundoff() {
        return precision == Precision.FP64 ? 0x1p-53 : 0x1p-24;
    }
}
