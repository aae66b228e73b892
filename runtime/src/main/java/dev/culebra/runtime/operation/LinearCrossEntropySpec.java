package dev.culebra.runtime.operation;

/**
 * The sizes of a classifier with its loss.
 *
 * @param rows the number of positions that are classified, B·T
 * @param width E, the width of a hidden state
 * @param vocabulary V, the number of classes
 * @param learnTable whether the gradient of the table is wanted
 */
public record LinearCrossEntropySpec(int rows, int width, int vocabulary, boolean learnTable) {
    /** Checks that all sizes are positive. */
    public LinearCrossEntropySpec {
        Specs.requirePositive("rows", rows);
        Specs.requirePositive("width", width);
        Specs.requirePositive("vocabulary", vocabulary);
    }
}
