package dev.culebra.tools.benchmarks.peers;

import java.util.List;

import dev.culebra.tools.benchmarks.study.RandomNumbers;
import dev.culebra.tools.benchmarks.study.Sizes;

/**
 * The parameters of a block of MiniGPT1: 12 E² + 13 E numbers in 16 tensors.
 *
 * @param sizes the width
 */
public record BlockParameters(Sizes sizes) {
    private static final double LEAST = 1e-3;

    /** The number of elements of each tensor. */
    public List<Integer> tensors() {
        int e = sizes.width();
        int mlp = sizes.mlpWidth();
        return List.of(e * e, e, e * e, e, e * e, e, e * e, e, e, e, mlp * e, mlp, e * mlp, e, e, e);
    }

    /** The elements of all tensors. */
    public int elements() {
        return tensors().stream().mapToInt(Integer::intValue).sum();
    }

    /** The values, one tensor after another. */
    public float[] values() {
        return LayerInput.weights("values", elements());
    }

    /**
     * The gradients, none of them small: DJL adds ε to √v before v's bias is corrected, others after, and only beside gradients
     * near ε is there a difference.
     */
    public float[] gradients() {
        float[] gradients = RandomNumbers.of("gradients", elements(), LEAST);
        for (int i = 0; i < gradients.length; i++) {
            gradients[i] += Math.copySign((float) LEAST, gradients[i]);
        }
        return gradients;
    }
}
