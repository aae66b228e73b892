package dev.culebra.nn;

import java.util.ArrayList;
import java.util.List;

import dev.culebra.runtime.Shape;

/** MiniGPT1: token plus position embedding, L post-norm blocks, tied Linear(E, V). */
public final class GptLanguageModel extends LanguageModel {
    GptLanguageModel(Network network, GptModelSpec spec, ModelOptions options) {
        Shape shape = Shape.of(options.batch(), options.sequenceLength(), spec.width());
        Embedding embedding = Embedding.ofTokensAndPositions(network, "embedding", spec, options);
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < spec.layers(); i++) {
            // Above frozen embeddings nobody needs the gradient of the first block's input.
            boolean inputGradient = i > 0 || options.learnEmbeddings();
            blocks.add(new Block(network, "layers." + i, shape, spec, options, inputGradient));
        }
        super(network, spec, options, embedding, new Sequential(network, blocks));
    }
}
