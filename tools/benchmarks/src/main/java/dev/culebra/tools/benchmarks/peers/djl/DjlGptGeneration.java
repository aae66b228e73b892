package dev.culebra.tools.benchmarks.peers.djl;

import java.util.Arrays;
import java.util.List;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import dev.culebra.experiments.study.Experiment;
import dev.culebra.tools.benchmarks.peers.Conditions;
import dev.culebra.tools.benchmarks.peers.Prediction;
import dev.culebra.tools.benchmarks.study.StudyStep;

/**
 * The next token of a text by MiniGPT1. DJL's block of attention keeps no keys and values, so each token costs a pass over the
 * whole text before it; only the last position is classified. Where its positions are full, half of the text is forgotten. The result: the log-probabilities of the token after it.
 */
public final class DjlGptGeneration extends DjlPeer {
    private final DjlGptModel model;
    private final ParameterStore store;
    private final int[] text;
    private final int positions;
    private int length;
    private float[] logProbabilities = {};

    /** Has the text before. */
    public DjlGptGeneration(Conditions conditions, Experiment run) {
        super(conditions);
        Model owner = own(DjlModels.model(conditions, run));
        model = (DjlGptModel) owner.getBlock();
        store = new ParameterStore(manager, false);
        text = StudyStep.tokens(conditions.sizes());
        positions = conditions.sizes().sequenceLength();
        length = conditions.promptLength();
    }

    @Override
    public void run() {
        length = length == positions ? positions / 2 + 1 : length + 1;
        try (NDManager scope = manager.newSubManager()) {
            NDArray ids = ids(Arrays.copyOf(text, length), 1, length);
            ids.attach(scope);
            NDArray last = model.body(store, model.embedded(store, ids, false), false).get(":,-1");
            logProbabilities = model.logProbabilities(store, last, false).toFloatArray();
        }
    }

    @Override
    public List<double[]> result() {
        return List.of(Prediction.centred(doubles(logProbabilities)));
    }
}
