package dev.culebra.tools.benchmarks.scaling;

import java.util.List;

/** What is varied: a size of a run by its name, and its values. */
public enum Size {
    /** B. */
    BATCH("batch size", List.of(4, 8, 16, 32)),
    /** T. */
    SEQUENCE("sequence length", List.of(64, 128, 256, 512)),
    /** L. */
    LAYERS("layers", List.of(1, 2, 4)),
    /** H of an LSTM, E of gpt1: so many halves of the study's. */
    WIDTH("width", List.of(1, 2, 4)),
    /** Threads. */
    THREADS("threads", List.of());

    private final String label;
    private final List<Integer> tried;

    Size(String label, List<Integer> tried) {
        this.label = label;
        this.tried = tried;
    }

    /** The values around the study's; of threads, the machine decides. */
    List<Integer> tried() {
        return tried;
    }

    @Override
    public String toString() {
        return label;
    }
}
