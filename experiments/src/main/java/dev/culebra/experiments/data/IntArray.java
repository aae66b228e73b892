package dev.culebra.experiments.data;

import java.util.List;

/**
 * Whole numbers with a shape, row-major.
 *
 * @param shape the sizes of the axes, outermost first; empty for a scalar
 * @param values the elements; not copied
 */
public record IntArray(List<Integer> shape, int[] values) {}
