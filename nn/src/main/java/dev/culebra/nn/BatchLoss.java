package dev.culebra.nn;

/**
 * How well a model predicts a batch.
 *
 * @param loss the mean over its sequences of each sequence's mean negative log-likelihood over its unmasked tokens
 * @param nllSum the negative log-likelihood of all unmasked tokens, in nats
 * @param tokens the number of unmasked tokens
 */
public record BatchLoss(double loss, double nllSum, long tokens) {
    /**
     * That of sequences, of which those without any unmasked token do not count.
     *
     * @param nllSums (…, B): the sums of each sequence's negative log-likelihoods
     * @param first where in it this batch begins
     * @param tokens (B): the unmasked tokens of each sequence
     */
    static BatchLoss of(double[] nllSums, int first, int[] tokens) {
        double means = 0;
        double sum = 0;
        long count = 0;
        int sequences = 0;
        for (int sequence = 0; sequence < tokens.length; sequence++) {
            if (tokens[sequence] > 0) {
                means += nllSums[first + sequence] / tokens[sequence];
                sum += nllSums[first + sequence];
                count += tokens[sequence];
                sequences++;
            }
        }
        return new BatchLoss(sequences == 0 ? 0 : means / sequences, sum, count);
    }
}
