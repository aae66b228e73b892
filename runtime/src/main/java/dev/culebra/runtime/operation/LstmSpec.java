package dev.culebra.runtime.operation;

import java.util.ArrayList;
import java.util.List;

import dev.culebra.runtime.Shape;

/**
 * The sizes of a stack of unidirectional LSTM layers.
 *
 * @param batch B, the number of sequences
 * @param sequenceLength T, the number of time steps
 * @param inputSize E, the width of the input
 * @param hiddenSize H, the width of each layer's state
 * @param layers L, the number of layers
 * @param dropout the probability of zeroing an element between two layers, scaled as in {@link Dropout}
 * @param seed the seed of the dropout masks: {@link #dropoutAfter}
 * @param inputGradient whether the gradient of x is wanted, a fifth of the first layer's arithmetic: above frozen embeddings
 *     nobody needs it
 */
public record LstmSpec(int batch, int sequenceLength, int inputSize, int hiddenSize, int layers, double dropout,
        long seed, boolean inputGradient) {
    private static final int FIRST_DROPOUT_STREAM = 1000;

    /** Checks that all sizes are positive and the probability is one. */
    public LstmSpec {
        Specs.requirePositive("batch", batch);
        Specs.requirePositive("sequenceLength", sequenceLength);
        Specs.requirePositive("inputSize", inputSize);
        Specs.requirePositive("hiddenSize", hiddenSize);
        Specs.requirePositive("layers", layers);
        Specs.requireProbability("dropout", dropout);
    }

    /** A stack whose backward pass computes all gradients. */
    public LstmSpec(int batch, int sequenceLength, int inputSize, int hiddenSize, int layers, double dropout,
            long seed) {
        this(batch, sequenceLength, inputSize, hiddenSize, layers, dropout, seed, true);
    }

    /** The same without the gradient of x. */
    public LstmSpec withoutInputGradient() {
        return new LstmSpec(batch, sequenceLength, inputSize, hiddenSize, layers, dropout, seed, false);
    }

    /** The width of what a layer, counted from 0, reads: E for the first, H for the others. */
    public int inputSize(int layer) {
        return layer == 0 ? inputSize : hiddenSize;
    }

    /**
     * The mask on the output (B, T, H) of a layer, counted from 0, on its way to the next one: stream 1000 + layer, so
     * that all backends drop the same elements. The last layer's output has none.
     */
    public DropoutSpec dropoutAfter(int layer) {
        int elements = Math.multiplyExact(Math.multiplyExact(batch, sequenceLength), hiddenSize);
        return new DropoutSpec(elements, dropout, seed, FIRST_DROPOUT_STREAM + layer);
    }

    /**
     * PyTorch's order without gaps: {@code weight_ih}, {@code weight_hh}, {@code bias_ih}, {@code bias_hh} of layer 0,
     * then those of layer 1 and so on. For backends whose library does not prescribe a layout of its own.
     */
    public List<ParameterRegion> contiguousLayout() {
        List<ParameterRegion> regions = new ArrayList<>();
        long offset = 0;
        for (int layer = 0; layer < layers; layer++) {
            int gates = Math.multiplyExact(4, hiddenSize);
            offset = append(regions, "weight_ih_l" + layer, Shape.of(gates, inputSize(layer)), offset);
            offset = append(regions, "weight_hh_l" + layer, Shape.of(gates, hiddenSize), offset);
            offset = append(regions, "bias_ih_l" + layer, Shape.of(gates), offset);
            offset = append(regions, "bias_hh_l" + layer, Shape.of(gates), offset);
        }
        return List.copyOf(regions);
    }

    private static long append(List<ParameterRegion> regions, String name, Shape shape, long offset) {
        regions.add(new ParameterRegion(name, shape, offset));
        return offset + shape.elements();
    }
}
