package dev.culebra.nn;

/**
 * The LSTM language model's architecture: token embedding, LSTM stack, Linear(H, E), ReLU, tied classifier.
 *
 * @param vocabulary V
 * @param width E
 * @param layers L, the number of LSTM layers
 * @param hiddenSize H, the width of each LSTM layer
 */
public record LstmModelSpec(int vocabulary, int width, int layers, int hiddenSize) implements ModelSpec {
    /** Checks that all sizes are positive. */
    public LstmModelSpec {
        Sizes.requirePositive("the vocabulary size", vocabulary);
        Sizes.requirePositive("the embedding width", width);
        Sizes.requirePositive("the number of layers", layers);
        Sizes.requirePositive("the hidden size", hiddenSize);
    }

    @Override
    public String label() {
        return "lstm";
    }
}
