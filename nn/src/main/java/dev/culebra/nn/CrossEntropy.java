package dev.culebra.nn;

import java.util.Arrays;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;

/** The study's loss: the mean over sequences of each sequence's mean negative log-likelihood over unmasked tokens. */
public final class CrossEntropy {
    private CrossEntropy() {}

    /**
     * The loss of predictions that someone holds in full; training computes the same without holding them. Sequences
     * without any unmasked token do not count.
     *
     * @param logProbabilities (B, T, V)
     * @param targets ids (B, T), each in 0..V-1, also where the mask hides it
     * @param mask (B, T): 0 where a target does not count
     * @throws IllegalArgumentException if the log-probabilities do not have three axes, a length is not B·T or an id
     *     lies outside the vocabulary
     */
    public static double loss(Tensor logProbabilities, int[] targets, float[] mask) {
        Shape shape = logProbabilities.shape();
        if (shape.rank() != 3) {
            throw new IllegalArgumentException("log-probabilities must be (B, T, V), but are " + shape);
        }
        Shape batch = Shape.of(shape.size(0), shape.size(1));
        int vocabulary = shape.size(2);
        BatchInput.requireMask(mask, batch);
        BatchInput.requireIds("target", targets, batch, vocabulary);
        double[] weights = new double[targets.length];
        weigh(mask, unmasked(mask, shape.size(1)), weights);
        double loss = 0;
        for (int row = 0; row < targets.length; row++) {
            if (weights[row] != 0) {
                Tensor target = logProbabilities.view((long) row * vocabulary + targets[row], Shape.of(1));
                loss -= weights[row] * target.toDoubles()[0];
            }
        }
        return loss;
    }

    /**
     * Writes the weight of each token's negative log-likelihood in the loss: for unmasked tokens
     * 1 / (unmasked tokens of its sequence · sequences that have any), else 0.
     *
     * @param mask (B, T)
     * @param unmasked (B): the unmasked tokens of each sequence
     * @param weights overwritten, (B, T)
     */
    static void weigh(float[] mask, int[] unmasked, double[] weights) {
        long sequences = Arrays.stream(unmasked).filter(count -> count > 0).count();
        int length = mask.length / unmasked.length;
        for (int i = 0; i < mask.length; i++) {
            weights[i] = mask[i] == 0 ? 0 : 1.0 / ((double) unmasked[i / length] * sequences);
        }
    }

    /**
     * Counts the unmasked tokens of each sequence.
     *
     * @param mask (B, T)
     * @return (B)
     */
    static int[] unmasked(float[] mask, int sequenceLength) {
        int[] unmasked = new int[mask.length / sequenceLength];
        for (int i = 0; i < mask.length; i++) {
            if (mask[i] != 0) {
                unmasked[i / sequenceLength]++;
            }
        }
        return unmasked;
    }
}
