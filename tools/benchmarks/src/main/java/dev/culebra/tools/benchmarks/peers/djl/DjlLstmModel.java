package dev.culebra.tools.benchmarks.peers.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.LayoutType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.training.ParameterStore;
import dev.culebra.nn.LstmModelSpec;

/** The study's LSTM of DJL's blocks. */
final class DjlLstmModel extends DjlLanguageModel {
    private final LstmModelSpec spec;
    private final LSTM lstm;
    private final Linear classifier;

    DjlLstmModel(LstmModelSpec spec) {
        super(spec.vocabulary(), spec.width());
        this.spec = spec;
        lstm = addChildBlock("lstm", LSTM.builder().setNumLayers(spec.layers()).setStateSize(spec.hiddenSize())
                .optReturnState(true).build());
        classifier = addChildBlock("classifier", Linear.builder().setUnits(spec.width()).build());
    }

    @Override
    NDArray body(ParameterStore store, NDArray embedded, boolean training) {
        return continued(store, new NDList(embedded), training).head();
    }

    /** The hidden states (B, T, E), and the states of the layers after them; takes such states behind the embedded tokens. */
    NDList continued(ParameterStore store, NDList embeddedAndStates, boolean training) {
        NDList outputs = lstm.forward(store, embeddedAndStates, training);
        NDArray hidden = Activation.relu(classifier.forward(store, new NDList(outputs.head()), training).head());
        return new NDList(hidden, outputs.get(1), outputs.get(2));
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
        tokens().initialize(manager, type, inputs);
        Shape sequence = new Shape(
                new long[] {inputs[0].get(0), inputs[0].get(1), spec.width()},
                new LayoutType[] {LayoutType.BATCH, LayoutType.TIME, LayoutType.CHANNEL});
        lstm.initialize(manager, type, sequence);
        classifier.initialize(manager, type, new Shape(inputs[0].get(0), inputs[0].get(1), spec.hiddenSize()));
    }

    @Override
    void set(DjlWeights weights) {
        weights.set(tokens().getDirectParameters().get("embedding"), "embedding.weight");
        weights.set(lstm, "lstm.", spec.layers());
        weights.set(classifier, "classifier.0");
    }
}
