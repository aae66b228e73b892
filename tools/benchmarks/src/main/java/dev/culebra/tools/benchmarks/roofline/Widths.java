package dev.culebra.tools.benchmarks.roofline;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Precision;

/**
 * How many bytes a number takes.
 *
 * @param activation of an activation, and of a weight as matrix products read it: they take both in one type
 * @param parameter of a parameter, its gradient and the optimiser's state
 */
record Widths(int activation, int parameter) {
    /** Of a token's id. */
    static final int ID = DataType.I32.bytes();

    static Widths of(Precision precision) {
        return new Widths(precision.activationType().bytes(), precision.parameterType().bytes());
    }
}
