package dev.culebra.runtime.operation;

import dev.culebra.runtime.Tensor;

/** Small operations on whole activations, of any size. */
public interface Elementwise extends Operation {
    /** target ← target + source, both activations of one shape. */
    void add(Tensor target, Tensor source);

    /**
     * Swaps the two middle axes: (outer, rows, columns, inner) to (outer, columns, rows, inner). With rows = T and
     * columns = m this splits attention heads; with rows = m and columns = T it merges them again.
     *
     * @param source activations of rank 4
     * @param target overwritten
     */
    void swapMiddleAxes(Tensor source, Tensor target);

    /** Copies with conversion between any two of F32, F64 and BF16, same number of elements. */
    void convert(Tensor source, Tensor target);
}
