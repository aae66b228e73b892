package dev.culebra.experiments.run;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.IntStream;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.nn.SeededRandom;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class SamplingTest {
    private static final int DRAWS = 100_000;
    /** Of tokens 1 to 5; the padding, token 0, is the likeliest. */
    private static final double[] PROBABILITIES = {0.5, 0.2, 0.05, 0.15, 0.05, 0.05};

    private static double[] logarithms(double... probabilities) {
        return Arrays.stream(probabilities).map(Math::log).toArray();
    }

    /** How often each token is drawn. */
    private static double[] frequencies(Sampling sampling) {
        double[] logProbabilities = logarithms(PROBABILITIES);
        SeededRandom random = new SeededRandom(7, "test");
        double[] counts = new double[PROBABILITIES.length];
        for (int i = 0; i < DRAWS; i++) {
            counts[sampling.next(logProbabilities, random)]++;
        }
        return Arrays.stream(counts).map(count -> count / DRAWS).toArray();
    }

    private static Sampling sampling(double temperature, int topK, double topP) {
        return new Sampling(temperature, topK == 0 ? OptionalInt.empty() : OptionalInt.of(topK), topP);
    }

    /** Five standard deviations of a frequency are less. */
    private static void assertFrequencies(Sampling sampling, double... weights) {
        double sum = Arrays.stream(weights).sum();
        double[] expected = Arrays.stream(weights).map(weight -> weight / sum).toArray();
        double[] actual = frequencies(sampling);
        assertArrayEquals(expected, actual, 5 * Math.sqrt(0.25 / DRAWS));
        assertArrayEquals(Arrays.stream(expected).map(Math::signum).toArray(),
                Arrays.stream(actual).map(Math::signum).toArray());
    }

    @Test
    void tokensAreDrawnWithTheirProbabilityAndPaddingNever() {
        assertFrequencies(sampling(1, 0, 1), 0, 0.2, 0.05, 0.15, 0.05, 0.05);
    }

    @Test
    void theTemperatureSharpens() {
        assertFrequencies(sampling(0.5, 0, 1), 0, 0.04, 0.0025, 0.0225, 0.0025, 0.0025);
        assertFrequencies(sampling(2, 0, 1), 0, Math.sqrt(0.2), Math.sqrt(0.05), Math.sqrt(0.15), Math.sqrt(0.05),
                Math.sqrt(0.05));
    }

    @Test
    void topKKeepsTheLikeliestAndOfEqualsTheFirst() {
        assertFrequencies(sampling(1, 1, 1), 0, 1, 0, 0, 0, 0);
        assertFrequencies(sampling(1, 2, 1), 0, 0.2, 0, 0.15, 0, 0);
        assertFrequencies(sampling(1, 4, 1), 0, 0.2, 0.05, 0.15, 0.05, 0);
        assertFrequencies(sampling(1, 99, 1), 0, 0.2, 0.05, 0.15, 0.05, 0.05);
    }

    /** Without the padding the probabilities are 0.4, 0.1, 0.3, 0.1, 0.1. */
    @Test
    void topPKeepsTheFewestThatHaveTheProbability() {
        assertFrequencies(sampling(1, 0, 0.01), 0, 1, 0, 0, 0, 0);
        assertFrequencies(sampling(1, 0, 0.39), 0, 1, 0, 0, 0, 0);
        assertFrequencies(sampling(1, 0, 0.41), 0, 0.2, 0, 0.15, 0, 0);
        assertFrequencies(sampling(1, 0, 0.85), 0, 0.2, 0.05, 0.15, 0.05, 0);
    }

    @Test
    void topPCountsAmongWhatTopKKept() {
        assertFrequencies(sampling(1, 2, 0.55), 0, 1, 0, 0, 0, 0);
        assertFrequencies(sampling(1, 2, 0.6), 0, 0.2, 0, 0.15, 0, 0);
    }

    @Test
    void withoutTemperatureTheLikeliestIsTaken() {
        Sampling greedy = sampling(0, 0, 0.5);
        assertEquals(1, greedy.next(logarithms(PROBABILITIES), new SeededRandom(1, "test")));
        assertEquals(2, greedy.next(new double[] {0, -3, -2, -2.5}, new SeededRandom(1, "test")));
    }

    @Test
    void theSameSeedDrawsTheSame() {
        int[] first = draws(3);
        assertArrayEquals(first, draws(3));
        assertEquals(false, Arrays.equals(first, draws(4)));
    }

    private static int[] draws(long seed) {
        SeededRandom random = new SeededRandom(seed, "test");
        return IntStream.range(0, 100).map(_ -> sampling(1, 0, 1).next(logarithms(PROBABILITIES), random)).toArray();
    }

    @Test
    void unlikelyTokensDoNotOverflow() {
        double[] extreme = {-1e9, -1e9, -1000, -1e308, Double.NEGATIVE_INFINITY};
        assertEquals(2, sampling(1e-3, 3, 0.9).next(extreme, new SeededRandom(1, "test")));
    }

    @Test
    void theLargestIsThatOfTheTokensWithoutThePaddingAndNoNumberWhereOneIsNone() {
        assertEquals(-2, Sampling.largest(new double[] {0, -3, -2, Double.NEGATIVE_INFINITY}));
        assertEquals(Double.NEGATIVE_INFINITY, Sampling.largest(new double[] {0, Double.NEGATIVE_INFINITY}));
        assertEquals(Double.NaN, Sampling.largest(new double[] {0, -3, Double.NaN, -2}));
    }

    @Test
    void numbersThatCannotBeAreRefused() {
        assertThrows(BadInputException.class, () -> sampling(-1, 0, 1));
        assertThrows(BadInputException.class, () -> sampling(Double.NaN, 0, 1));
        assertThrows(BadInputException.class, () -> new Sampling(1, OptionalInt.of(0), 1));
        assertThrows(BadInputException.class, () -> sampling(1, 0, 0));
        assertThrows(BadInputException.class, () -> sampling(1, 0, 1.01));
    }
}
