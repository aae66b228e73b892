package dev.culebra.nn;

/**
 * MiniGPT1's architecture: token and position embedding, post-norm transformer blocks, tied classifier.
 *
 * @param vocabulary V
 * @param width E = m·d
 * @param layers L, the number of blocks
 * @param heads m, the number of attention heads
 * @param positions the number of rows of the position table, the longest sequence the model can read
 * @param mlpWidth F, the width inside the MLP; 4 E in the study
 * @param gelu the form of the MLP's activation
 */
public record GptModelSpec(int vocabulary, int width, int layers, int heads, int positions, int mlpWidth, Gelu gelu)
        implements
            ModelSpec {
    /** Checks that all sizes are positive and that the heads divide the width. */
    public GptModelSpec {
        Sizes.requirePositive("the vocabulary size", vocabulary);
        Sizes.requirePositive("the embedding width", width);
        Sizes.requirePositive("the number of layers", layers);
        Sizes.requirePositive("the number of heads", heads);
        Sizes.requirePositive("the number of positions", positions);
        Sizes.requirePositive("the MLP's width", mlpWidth);
        if (width % heads != 0) {
            throw new IllegalArgumentException(heads + " heads do not divide an embedding width of " + width);
        }
    }

    /** The study's form: an MLP four times as wide as the embedding, exact GELU. */
    public GptModelSpec(int vocabulary, int width, int layers, int heads, int positions) {
        this(vocabulary, width, layers, heads, positions, Math.multiplyExact(4, width), Gelu.EXACT);
    }

    @Override
    public String label() {
        return "gpt1";
    }
}
