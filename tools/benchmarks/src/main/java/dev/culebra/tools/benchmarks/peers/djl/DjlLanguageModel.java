package dev.culebra.tools.benchmarks.peers.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.transformer.IdEmbedding;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/**
 * A language model whose token embedding, frozen, is its classifier too, by the block that DJL's BERT has for that. From tokens
 * (B, T) to log-probabilities (B, T, V).
 */
abstract class DjlLanguageModel extends AbstractBlock {
    private final IdEmbedding tokens;
    private final int vocabulary;

    DjlLanguageModel(int vocabulary, int width) {
        this.vocabulary = vocabulary;
        tokens = addChildBlock("tokens",
                new IdEmbedding.Builder().setDictionarySize(vocabulary).setEmbeddingSize(width).build());
        tokens.freezeParameters(true);
    }

    /** What the model makes of embedded tokens (B, T, E), of the same shape. */
    abstract NDArray body(ParameterStore store, NDArray embedded, boolean training);

    /** (B, T) to (B, T, E). */
    final NDArray embedded(ParameterStore store, NDArray ids, boolean training) {
        return tokens.forward(store, new NDList(ids), training).head();
    }

    /** (…, E) to (…, V). */
    final NDArray logProbabilities(ParameterStore store, NDArray hidden, boolean training) {
        return tokens.probabilities(store, hidden, training);
    }

    @Override
    protected final NDList forwardInternal(ParameterStore store, NDList inputs, boolean training,
            PairList<String, Object> params) {
        NDArray hidden = body(store, embedded(store, inputs.head(), training), training);
        return new NDList(logProbabilities(store, hidden, training));
    }

    @Override
    public final Shape[] getOutputShapes(Shape[] inputs) {
        return new Shape[] {inputs[0].addAll(new Shape(vocabulary))};
    }

    final IdEmbedding tokens() {
        return tokens;
    }

    /** Fills all parameters. */
    abstract void set(DjlWeights weights);
}
