package dev.culebra.tools.benchmarks.peers.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.transformer.IdEmbedding;
import ai.djl.training.loss.Loss;
import dev.culebra.tools.benchmarks.peers.Conditions;
import dev.culebra.tools.benchmarks.peers.LayerInput;
import dev.culebra.tools.benchmarks.study.Sizes;
import dev.culebra.tools.benchmarks.study.StudyStep;

/** DJL's block of an embedding, which is its own classifier, and its loss. */
public final class DjlLinearCrossEntropy extends DjlLayer {
    private final IdEmbedding table;
    private final NDArray targets;

    /** One with the weights of the other side. */
    public DjlLinearCrossEntropy(Conditions conditions) {
        super(conditions);
        Sizes sizes = conditions.sizes();
        table = new IdEmbedding.Builder().setDictionarySize(sizes.vocabulary()).setEmbeddingSize(sizes.width()).build();
        table.freezeParameters(true);
        table.initialize(manager, DataType.FLOAT32, new Shape(sizes.batch(), sizes.sequenceLength()));
        new DjlWeights(name -> LayerInput.weights(name, sizes.vocabulary() * sizes.width()))
                .set(table.getDirectParameters().get("embedding"), "table");
        targets = ids(StudyStep.targets(sizes), sizes.batch(), sizes.sequenceLength(), 1);
        input(array(LayerInput.activations(sizes), sizes.batch(), sizes.sequenceLength(), sizes.width()));
    }

    /** The mean loss over all positions, of log-probabilities (B, T, V) and targets, for which it wants (B, T, 1). */
    static Loss loss() {
        return Loss.softmaxCrossEntropyLoss("loss", 1, -1, true, false);
    }

    @Override
    NDArray forward(NDArray input) {
        return loss().evaluate(list(targets), list(table.probabilities(store, input, true)));
    }
}
