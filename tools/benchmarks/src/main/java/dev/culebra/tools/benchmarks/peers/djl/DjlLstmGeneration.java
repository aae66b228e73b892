package dev.culebra.tools.benchmarks.peers.djl;

import java.util.Arrays;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.culebra.experiments.study.Experiment;
import dev.culebra.tools.benchmarks.peers.Conditions;

/** By the LSTM, which goes on from its states. */
public final class DjlLstmGeneration extends DjlGeneration<DjlLstmModel> {
    private int position;
    private NDList states = new NDList();

    /** Reads the text before. */
    public DjlLstmGeneration(Conditions conditions, Experiment run) {
        super(conditions, run, DjlLstmModel.class);
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
            classifyLast(outputs.head());
            states.close();
            states = outputs.subNDList(1);
            states.attach(manager);
        }
    }

    @Override
    public void run() {
        read(text[position++ % text.length]);
    }
}
