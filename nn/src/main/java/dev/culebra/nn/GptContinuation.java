package dev.culebra.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Elementwise;

/** {@link GptLanguageModel}, which keeps the keys and values of what it has read. */
final class GptContinuation implements Continuation {
    private final Network network;
    private final Embedding tokenEmbedding;
    private final Embedding positionEmbedding;
    private final Sequential blocks;
    private final Elementwise elementwise;
    private final KeyValueCache cache;
    private final Tensor positions; // (1, N)

    /** Layers for {@code count} tokens at a time that keep theirs in {@code cache}. */
    GptContinuation(Network network, GptModelSpec spec, int count, KeyValueCache cache) {
        ModelOptions options = Decoder.options(count);
        Shape shape = Shape.of(1, count, spec.width());
        List<Block> layers = new ArrayList<>();
        this.network = network;
        this.cache = cache;
        this.tokenEmbedding = Embedding.ofTokens(network, "embedding.tokens.weight", spec.vocabulary(), spec.width(),
                options);
        // Positions are looked up like tokens, since they do not begin at 0.
        this.positionEmbedding = Embedding.ofTokens(network, "embedding.position.weight", spec.positions(),
                spec.width(), options);
        for (int i = 0; i < spec.layers(); i++) {
            String name = "layers." + i;
            layers.add(Block.of(network, name, shape, spec, options, new CachedMultiHeadAttention(network,
                    name + ".attention", shape, cache.position(), cache.blocks().get(i))));
        }
        this.blocks = new Sequential(network, layers);
        this.elementwise = network.own(network.backend().elementwise());
        this.positions = network.persistentTokens(Shape.of(1, count));
    }

    @Override
    public void startAt(int position) {
        if (position == 0) {
            cache.clear();
        }
        cache.position().set(new int[] {position});
        positions.set(IntStream.range(position, position + Math.toIntExact(positions.elements())).toArray());
    }

    @Override
    public Tensor forward(Tensor tokens) {
        Tensor embedded = tokenEmbedding.forward(tokens);
        Tensor added = positionEmbedding.forward(positions);
        elementwise.add(embedded, added);
        network.free(added);
        Tensor hidden = blocks.forward(embedded);
        network.free(embedded);
        return hidden;
    }

    @Override
    public Tensor table() {
        return tokenEmbedding.tokens().value();
    }
}
