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

    /** The gradients. */
    public float[] gradients() {
        return RandomNumbers.of("gradients", elements(), 1e-3);
    }
}
