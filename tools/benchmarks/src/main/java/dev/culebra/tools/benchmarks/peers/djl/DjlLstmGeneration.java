package dev.culebra.tools.benchmarks.peers.djl;

import java.util.Arrays;
import java.util.List;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import dev.culebra.experiments.study.Experiment;
import dev.culebra.tools.benchmarks.peers.Conditions;
import dev.culebra.tools.benchmarks.peers.Prediction;
import dev.culebra.tools.benchmarks.study.StudyStep;

/** The next token of a text by the LSTM, which goes on from its states. The result: the log-probabilities of the one after it. */
public final class DjlLstmGeneration extends DjlPeer {
    private final DjlLstmModel model;
    private final ParameterStore store;
    private final int[] text;
    private int position;
    private NDList states = new NDList();
    private float[] logProbabilities = {};

    /** Reads the text before. */
    public DjlLstmGeneration(Conditions conditions, Experiment run) {
        super(conditions);
        Model owner = own(DjlModels.model(conditions, run));
        model = (DjlLstmModel) owner.getBlock();
        store = new ParameterStore(manager, false);
        text = StudyStep.tokens(conditions.sizes());
        position = conditions.promptLength();
        read(Arrays.copyOf(text, position));
    }

    private void read(int... tokens) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray ids = ids(tokens, 1, tokens.length);
            ids.attach(scope);
            NDList inputs = new NDList(model.embedded(store, ids, false));
            inputs.addAll(states);
            NDList outputs = model.continued(store, inputs, false);
            NDArray last = outputs.head().get(":,-1");
            logProbabilities = model.logProbabilities(store, last, false).toFloatArray();
            states.close();
            states = outputs.subNDList(1);
            states.attach(manager);
        }
    }

    @Override
    public void run() {
        read(text[position++ % text.length]);
    }

    @Override
    public List<double[]> result() {
        return List.of(Prediction.centred(doubles(logProbabilities)));
    }
}
