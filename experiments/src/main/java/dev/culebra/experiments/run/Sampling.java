package dev.culebra.experiments.run;

import java.util.Arrays;
import java.util.OptionalInt;

import dev.culebra.experiments.study.Require;
import dev.culebra.nn.SeededRandom;

/**
 * How the next token is drawn from what a model predicts: probabilities are sharpened by the temperature, p ∝ exp(log p / τ);
 * of these only the likeliest {@code topK} are kept, and of those only the likeliest that together have the probability
 * {@code topP} ("nucleus", Holtzman and others 2020, <a href="https://arxiv.org/abs/1904.09751">The Curious Case of Neural Text
 * Degeneration</a>). Among equals those with lower ids are kept. Token 0, the padding, is never drawn.
 *
 * @param temperature τ; 0 takes the likeliest token always
 * @param topK how many tokens are kept; all unless given
 * @param topP in (0, 1]; 1 keeps all
 */
public record Sampling(double temperature, OptionalInt topK, double topP) {
    private static final int FIRST = 1;

    /**
     * Checks the numbers.
     *
     * @throws dev.culebra.experiments.failure.BadInputException naming the option that cannot be
     */
    public Sampling {
        Require.finiteAndNotNegative("--temperature", temperature);
        Require.positive("--top-k", topK);
        Require.that("--top-p", topP, p -> p > 0 && p <= 1, "above 0 and at most 1");
    }

    /**
     * Draws a token.
     *
     * @param logProbabilities (V), at least two, the {@link #largest} of them finite
     */
    int next(double[] logProbabilities, SeededRandom random) {
        int best = best(logProbabilities);
        if (temperature == 0) {
            return best;
        }
        double[] weights = new double[logProbabilities.length];
        for (int id = FIRST; id < weights.length; id++) {
            weights[id] = Math.exp((logProbabilities[id] - logProbabilities[best]) / temperature);
        }
        if (topK.isPresent() || topP < 1) {
            dropUnlikely(weights);
        }
        return draw(weights, random);
    }

    /** The largest of what can be drawn, NaN if one is. */
    static double largest(double[] logProbabilities) {
        return Arrays.stream(logProbabilities, FIRST, logProbabilities.length).max().orElseThrow();
    }

    private static int best(double[] logProbabilities) {
        int best = FIRST;
        for (int id = FIRST + 1; id < logProbabilities.length; id++) {
            if (logProbabilities[id] > logProbabilities[best]) {
                best = id;
            }
        }
        return best;
    }

    /** Makes the weights of all tokens 0 that are not kept. */
    private void dropUnlikely(double[] weights) {
        double total = Arrays.stream(weights).sum();
        double[] sorted = candidates(weights, total);
        int most = Math.min(topK.orElse(weights.length), sorted.length);
        double all = topK.isPresent() ? sumOfLargest(sorted, most) : total;
        int kept = 0;
        double sum = 0;
        while (kept < most && (kept == 0 || sum < topP * all)) {
            kept++;
            sum += sorted[sorted.length - kept];
        }
        keepLargest(weights, kept, sorted[sorted.length - kept]);
    }

    /**
     * The weights among which the kept ones are, rising. Those below (1 - P) S / V, of sum S, come together to less than
     * (1 - P) S: without them the others have the probability P, and most need not be sorted.
     */
    private double[] candidates(double[] weights, double sum) {
        double least = topK.isPresent() ? 0 : (1 - topP) * sum / weights.length;
        return Arrays.stream(weights, FIRST, weights.length).filter(weight -> weight >= least).sorted().toArray();
    }

    private static double sumOfLargest(double[] sorted, int count) {
        return Arrays.stream(sorted, sorted.length - count, sorted.length).sum();
    }

    /** Makes all weights 0 but the largest, the last of which is {@code least}: as many of its equals as there is room for. */
    private static void keepLargest(double[] weights, int count, double least) {
        long room = count - Arrays.stream(weights).filter(weight -> weight > least).count();
        for (int id = FIRST; id < weights.length; id++) {
            if (weights[id] < least || weights[id] == least && room-- <= 0) {
                weights[id] = 0;
            }
        }
    }

    private static int draw(double[] weights, SeededRandom random) {
        double rest = random.nextDouble() * Arrays.stream(weights).sum();
        int last = FIRST;
        for (int id = FIRST; id < weights.length; id++) {
            if (weights[id] > 0) {
                rest -= weights[id];
                last = id;
                if (rest < 0) {
                    return id;
                }
            }
        }
        // Rounding may leave a little behind the last one.
        return last;
    }
}
