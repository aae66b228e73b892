package dev.culebra.tools.benchmarks.peers;

import java.util.List;
import java.util.stream.Stream;

import dev.culebra.runtime.Precision;
import dev.culebra.tools.benchmarks.study.Precisions;

/** Who does the work, and in which arithmetic. */
public enum Way {
    /** Culebra in fp32. */
    CULEBRA("culebra", 1e-3),
    /** Culebra in bf16, which DJL's blocks do not offer for training. */
    CULEBRA_BF16("culebra bf16", 3e-2),
    /** DJL in fp32, its only precision for training. */
    DJL("djl", 0);

    private final String label;
    private final double tolerance;

    Way(String label, double tolerance) {
        this.label = label;
        this.tolerance = tolerance;
    }

    /** Its name in tables. */
    @Override
    public String toString() {
        return label;
    }

    /**
     * How far, relative to its size, a result may be from DJL's: the rounding of sums over thousands of products, and of a small
     * difference between two losses.
     */
    double tolerance() {
        return tolerance;
    }

    /** Whether this machine can: bf16 needs a processor that has it. */
    boolean isHere(Conditions conditions) {
        return Precisions.has(conditions.device(), precision());
    }

    /** Those of which this machine can do the work. */
    static List<Way> here(Conditions conditions) {
        return Stream.of(values()).filter(way -> way == DJL || way.isHere(conditions)).toList();
    }

    /** The arithmetic of the matrix products. */
    Precision precision() {
        return this == CULEBRA_BF16 ? Precision.BF16 : Precision.FP32;
    }
}
