package dev.culebra.nn;

/**
 * How a model is built and trained, beside its architecture.
 *
 * @param batch B, the number of sequences of every batch; a smaller batch leaves rows masked
 * @param sequenceLength T, the number of tokens of every sequence; a shorter sequence leaves positions masked
 * @param dropout the probability of dropout: on the embeddings, between LSTM layers, on the results of attention and
 *     MLP; 0 for none
 * @param learnEmbeddings whether the embedding tables are learned, or stay as they are
 * @param seed of initial weights and dropout masks
 */
public record ModelOptions(int batch, int sequenceLength, double dropout, boolean learnEmbeddings, long seed) {
    /** Checks sizes and probability. */
    public ModelOptions {
        Sizes.requirePositive("the batch size", batch);
        Sizes.requirePositive("the sequence length", sequenceLength);
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be at least 0 and below 1, but is " + dropout);
        }
    }
}
