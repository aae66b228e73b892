package dev.culebra.nn;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Activation;
import dev.culebra.runtime.operation.Elementwise;
import dev.culebra.runtime.operation.LstmSpec;

/** {@link LstmLanguageModel}, which carries its states from pass to pass. */
final class LstmContinuation implements Continuation {
    private final Network network;
    private final Embedding embedding;
    private final Lstm lstm;
    private final Linear classifier;
    private final Elementwise elementwise;
    private final LstmState state;

    /** Layers for {@code count} tokens at a time that begin and end with {@code state}. */
    LstmContinuation(Network network, LstmModelSpec spec, int count, LstmState state) {
        this.network = network;
        this.state = state;
        this.embedding = Embedding.ofTokens(network, "embedding.weight", spec.vocabulary(), spec.width(),
                Decoder.options(count));
        this.lstm = new Lstm(network, "lstm", lstmSpec(spec, count), state);
        this.classifier = new Linear(network, "classifier.0", Shape.of(1, count, spec.hiddenSize()), spec.width(),
                Activation.RELU);
        this.elementwise = network.own(network.backend().elementwise());
    }

    static LstmSpec lstmSpec(LstmModelSpec spec, int count) {
        return new LstmSpec(1, count, spec.width(), spec.hiddenSize(), spec.layers(), 0, 0)
                .withoutInputGradient();
    }

    @Override
    public void startAt(int position) {
        if (position == 0) {
            state.clear();
        }
    }

    @Override
    public Tensor forward(Tensor tokens) {
        Tensor embedded = embedding.forward(tokens);
        Tensor y = lstm.forward(embedded);
        network.free(embedded);
        elementwise.convert(lstm.finalHidden(), state.hidden());
        elementwise.convert(lstm.finalCell(), state.cell());
        Tensor hidden = classifier.forward(y);
        network.free(y);
        return hidden;
    }

    @Override
    public Tensor table() {
        return embedding.tokens().value();
    }
}
