package dev.culebra.tools.benchmarks.study;

import dev.culebra.experiments.study.Experiment;
import dev.culebra.nn.GptModelSpec;
import dev.culebra.nn.LstmModelSpec;
import dev.culebra.nn.ModelSpec;

/**
 * The sizes of everything that is measured.
 *
 * @param batch B, sequences
 * @param sequenceLength T, tokens of each
 * @param width E, of embeddings and of all of MiniGPT1
 * @param hiddenSize H, of an LSTM layer
 * @param heads m, of attention
 * @param vocabulary V
 * @param ceilingSize rows, columns and depth of the matrix product that gives the ceiling
 * @param copyBytes the bytes of the copy that gives the other
 */
public record Sizes(int batch, int sequenceLength, int width, int hiddenSize, int heads, int vocabulary,
        int ceilingSize,
        int copyBytes) {
    /** The study's. */
    public static final Sizes FULL = new Sizes(16, 256, 768, 512, 12, 40_479, 8192, 1 << 30);
    /** The study's models on batches of a thirty-second, for many steps in little time. */
    public static final Sizes LIGHT = new Sizes(2, 64, 768, 512, 12, 40_479, 2048, 1 << 28);
    /** So small that a test can run them on anything: the times say nothing. */
    public static final Sizes SMALL = new Sizes(2, 9, 24, 20, 3, 97, 48, 1 << 16);

    /** B T, the rows of activations. */
    public int rows() {
        return batch * sequenceLength;
    }

    /** The width inside MiniGPT1's MLP. */
    public int mlpWidth() {
        return 4 * width;
    }

    /** The model that a run of the study trains. */
    public ModelSpec model(Experiment run) {
        return switch (run.model()) {
            case LSTM -> new LstmModelSpec(vocabulary, width, run.layers(), hiddenSize);
            case GPT1 -> new GptModelSpec(vocabulary, width, run.layers(), heads, sequenceLength);
        };
    }
}
