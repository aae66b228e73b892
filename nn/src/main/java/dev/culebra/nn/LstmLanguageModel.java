package dev.culebra.nn;

import java.util.List;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Activation;
import dev.culebra.runtime.operation.LstmSpec;

/** The study's LSTM: token embedding, L-layer LSTM, Linear(H, E), ReLU, tied Linear(E, V). */
public final class LstmLanguageModel extends LanguageModel {
    private final Lstm lstm;

    LstmLanguageModel(Network network, LstmModelSpec spec, ModelOptions options) {
        int batch = options.batch();
        int length = options.sequenceLength();
        Embedding embedding = Embedding.ofTokens(network, "embedding.weight", spec.vocabulary(), spec.width(), options);
        LstmSpec layers = new LstmSpec(batch, length, spec.width(), spec.hiddenSize(), spec.layers(), options.dropout(),
                options.seed());
        Lstm lstm = new Lstm(network, "lstm", options.learnEmbeddings() ? layers : layers.withoutInputGradient());
        Linear classifier = new Linear(network, "classifier.0", Shape.of(batch, length, spec.hiddenSize()),
                spec.width(), Activation.RELU);
        super(network, spec, options, embedding, new Sequential(network, List.of(lstm, classifier)));
        this.lstm = lstm;
    }

    /** h after the last position of the latest pass, activations (L, B, H); overwritten by the next. */
    public Tensor finalHidden() {
        return lstm.finalHidden();
    }

    /** c after the last position of the latest pass, parameters' type, (L, B, H); overwritten by the next. */
    public Tensor finalCell() {
        return lstm.finalCell();
    }
}
