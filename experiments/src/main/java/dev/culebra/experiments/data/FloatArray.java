package dev.culebra.experiments.data;

import java.util.List;

/**
 * Numbers in single precision with a shape, row-major.
 *
 * @param shape the sizes of the axes, outermost first; empty for a scalar
 * @param values the elements; not copied
 */
public record FloatArray(List<Integer> shape, float[] values) {}
