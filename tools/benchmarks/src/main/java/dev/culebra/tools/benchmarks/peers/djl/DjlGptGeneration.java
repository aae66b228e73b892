package dev.culebra.tools.benchmarks.peers.djl;

import java.util.Arrays;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import dev.culebra.experiments.study.Experiment;
import dev.culebra.tools.benchmarks.peers.Conditions;
import dev.culebra.tools.benchmarks.study.StudyStep;

/**
 * The next token of a text by MiniGPT1. DJL's block of attention keeps no keys and values, so each token costs a pass over the
 * whole text before it; only the last position is classified. The result: the log-probabilities of the token after it.
 */
public final class DjlGptGeneration extends DjlPeer {
    private final DjlGptModel model;
    private final ParameterStore store;
    private final int[] text;
    private int length;
    private double[] logProbabilities = {};

    /** Has the text before. */
    public DjlGptGeneration(Conditions conditions, Experiment run) {
        super(conditions);
        Model owner = own(DjlModels.model(conditions, run));
        model = (DjlGptModel) owner.getBlock();
        store = new ParameterStore(manager, false);
        text = StudyStep.tokens(conditions.sizes());
        length = conditions.promptLength();
    }

    @Override
    public void run() {
        length++;
        try (NDManager scope = manager.newSubManager()) {
            NDArray ids = ids(Arrays.copyOf(text, length), 1, length);
            ids.attach(scope);
            NDArray last = model.body(store, model.embedded(store, ids, false), false).get(":,-1");
            logProbabilities = numbers(model.logProbabilities(store, last, false));
        }
    }

    @Override
    public double[] result() {
        return logProbabilities.clone();
    }
}
