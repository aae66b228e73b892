package dev.culebra.tools.benchmarks.peers.djl;

import java.util.Arrays;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.culebra.experiments.study.Experiment;
import dev.culebra.tools.benchmarks.peers.Conditions;

/**
 * By MiniGPT1. DJL's block of attention keeps no keys and values, so each token costs a pass over the whole text before it. Where
 * its positions are full, half of the text is forgotten.
 */
public final class DjlGptGeneration extends DjlGeneration<DjlGptModel> {
    private final int positions;
    private int length;

    /** Has the text before. */
    public DjlGptGeneration(Conditions conditions, Experiment run) {
        super(conditions, run, DjlGptModel.class);
        positions = conditions.sizes().sequenceLength();
        length = conditions.promptLength();
    }

    @Override
    public void run() {
        length = length == positions ? positions / 2 + 1 : length + 1;
        try (NDManager scope = manager.newSubManager()) {
            NDArray ids = ids(Arrays.copyOf(text, length), 1, length);
            ids.attach(scope);
            classifyLast(model.body(store, model.embedded(store, ids, false), false));
        }
    }
}
