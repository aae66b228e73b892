package dev.culebra.runtime.operation;

/**
 * The sizes of a stack of unidirectional LSTM layers.
 *
 * @param batch B, the number of sequences
 * @param sequenceLength T, the number of time steps
 * @param inputSize E, the width of the input
 * @param hiddenSize H, the width of each layer's state
 * @param layers L, the number of layers
 * @param dropout the probability of zeroing an element between two layers, scaled as in {@link Dropout}
 * @param seed the seed of the dropout masks
 */
public record LstmSpec(int batch, int sequenceLength, int inputSize, int hiddenSize, int layers, double dropout,
        long seed) {
    /** Checks that all sizes are positive and the probability is one. */
    public LstmSpec {
        Specs.requirePositive("batch", batch);
        Specs.requirePositive("sequenceLength", sequenceLength);
        Specs.requirePositive("inputSize", inputSize);
        Specs.requirePositive("hiddenSize", hiddenSize);
        Specs.requirePositive("layers", layers);
        Specs.requireProbability("dropout", dropout);
    }
}
