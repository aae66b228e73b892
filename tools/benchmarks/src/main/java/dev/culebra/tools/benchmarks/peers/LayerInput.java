package dev.culebra.tools.benchmarks.peers;

import java.util.Arrays;
import java.util.List;

import dev.culebra.tools.benchmarks.study.RandomNumbers;
import dev.culebra.tools.benchmarks.study.Sizes;

/** What the compared layers are given. */
public final class LayerInput {
    /** Of weights: about that of PyTorch's initial ones. */
    private static final double DEVIATION = 0.02;

    private LayerInput() {}

    /** The layer's input, (B, T, E). */
    public static float[] activations(Sizes sizes) {
        return RandomNumbers.of("activations", sizes.rows() * sizes.width(), 1);
    }

    /** What is added to it, (B, T, E). */
    public static float[] residual(Sizes sizes) {
        return RandomNumbers.of("residual", sizes.rows() * sizes.width(), 1);
    }

    /** Parameters. */
    public static float[] weights(String name, int count) {
        return RandomNumbers.of(name, count, DEVIATION);
    }

    /** Parameters of an LSTM layer, by PyTorch's names. */
    public static float[] lstm(String name, Sizes sizes) {
        int gates = 4 * sizes.hiddenSize();
        return weights(name, gates * switch (name) {
            case "weight_ih_l0" -> sizes.width();
            case "weight_hh_l0" -> sizes.hiddenSize();
            default -> 1;
        });
    }

    /**
     * Parameters of an attention's projections, by the study's names behind the attention's own. Those of queries, keys and values
     * lie one behind the other in the tensors {@code qkv.weight} and {@code qkv.bias}.
     */
    public static float[] projection(String name, Sizes sizes) {
        int dot = name.lastIndexOf('.');
        String kind = name.substring(dot);
        int count = kind.equals(".weight") ? sizes.width() * sizes.width() : sizes.width();
        int third = List.of(".q_proj", ".k_proj", ".v_proj").indexOf(name.substring(0, dot));
        return third < 0
                ? weights("out" + kind, count)
                : Arrays.copyOfRange(weights("qkv" + kind, 3 * count), third * count, (third + 1) * count);
    }

    /** The gradient of the layer's output. */
    public static float[] ones(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
