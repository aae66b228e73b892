package dev.culebra.tools.benchmarks.peers.djl;

import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.training.ParameterStore;
import dev.culebra.experiments.study.Experiment;
import dev.culebra.tools.benchmarks.peers.Conditions;
import dev.culebra.tools.benchmarks.peers.Prediction;
import dev.culebra.tools.benchmarks.study.StudyStep;

/**
 * The next token of a text. The result: the log-probabilities of the one after it, for which only the last position is classified.
 *
 * @param <M> the model
 */
abstract class DjlGeneration<M extends DjlLanguageModel> extends DjlPeer {
    final M model;
    final ParameterStore store;
    final int[] text;
    private float[] logProbabilities = {};

    DjlGeneration(Conditions conditions, Experiment run, Class<M> kind) {
        super(conditions);
        model = kind.cast(own(DjlModels.model(conditions, run)).getBlock());
        store = new ParameterStore(manager, false);
        text = StudyStep.tokens(conditions.sizes());
    }

    /** Takes the hidden states (1, N, E) of what was read. */
    final void classifyLast(NDArray hidden) {
        logProbabilities = model.logProbabilities(store, hidden.get(":,-1"), false).toFloatArray();
    }

    @Override
    public final List<double[]> result() {
        return List.of(Prediction.centred(doubles(logProbabilities)));
    }
}
