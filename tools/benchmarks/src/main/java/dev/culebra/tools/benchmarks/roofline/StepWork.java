package dev.culebra.tools.benchmarks.roofline;

import dev.culebra.nn.GptModelSpec;
import dev.culebra.nn.LstmModelSpec;
import dev.culebra.nn.ModelSpec;
import dev.culebra.runtime.operation.Activation;
import dev.culebra.runtime.operation.AttentionSpec;
import dev.culebra.runtime.operation.EmbeddingSpec;
import dev.culebra.runtime.operation.LayerNormSpec;
import dev.culebra.runtime.operation.LinearCrossEntropySpec;
import dev.culebra.runtime.operation.LinearSpec;
import dev.culebra.runtime.operation.LstmSpec;
import dev.culebra.runtime.operation.OptimizerSpec;
import dev.culebra.tools.benchmarks.study.Sizes;

/**
 * The work of a training step with frozen embeddings: that of its operations, one after another, since they hand on what they
 * compute through memory. Nobody needs the gradient of what the embedding gives, so it is not counted; cuDNN computes
 * an LSTM's all the same.
 *
 * @param sizes of the batch
 * @param widths of the numbers
 */
record StepWork(Sizes sizes, Widths widths) {
    /**
     * Embedding, body forward, classifier with its loss, body backward, update of so many parameters, and their copy in the type
     * that matrix products read, where that is another.
     */
    Work of(ModelSpec model, OptimizerSpec optimizer, long learned) {
        LinearCrossEntropySpec classifier = new LinearCrossEntropySpec(sizes.rows(), model.width(),
                model.vocabulary(), false);
        Work body = switch (model) {
            case LstmModelSpec lstm -> lstm(lstm);
            case GptModelSpec gpt -> block(gpt, attentionInput(gpt).withoutInputGradient())
                    .plus(block(gpt, attentionInput(gpt)).times(gpt.layers() - 1));
        };
        int positions = model instanceof GptModelSpec gpt ? gpt.positions() : 0;
        return MeasuredEmbedding
                .forward(new EmbeddingSpec(sizes.batch(), sizes.sequenceLength(), model.vocabulary(), model.width(),
                        positions), widths)
                .plus(body).plus(MeasuredLinearCrossEntropy.forwardBackward(classifier, widths))
                .plus(MeasuredOptimizer.work(optimizer, learned, widths))
                .plus(widths.activation() == widths.parameter()
                        ? Work.NONE
                        : MeasuredConversion.work(learned, widths.parameter(), widths.activation()));
    }

    private Work lstm(LstmModelSpec model) {
        LstmSpec layers = new LstmSpec(sizes.batch(), sizes.sequenceLength(), model.width(), model.hiddenSize(),
                model.layers(), 0, 0);
        return MeasuredLstm.forward(layers, widths).plus(MeasuredLstm.backward(layers, widths))
                .minus(MeasuredLstm.inputGradient(layers, widths))
                .plus(linear(model.hiddenSize(), model.width(), Activation.RELU));
    }

    private Work block(GptModelSpec model, LinearSpec attentionInput) {
        int width = model.width();
        AttentionSpec attention = new AttentionSpec(sizes.batch(), sizes.sequenceLength(), model.heads(),
                width / model.heads());
        LayerNormSpec norm = new LayerNormSpec(sizes.rows(), width, 1e-5, true);
        return linear(attentionInput)
                .plus(MeasuredAttention.forward(attention, widths))
                .plus(MeasuredAttention.backward(attention, widths))
                .plus(linear(width, width, Activation.NONE))
                .plus(MeasuredLayerNorm.forward(norm, widths).plus(MeasuredLayerNorm.backward(norm, widths)).times(2))
                .plus(linear(width, model.mlpWidth(), model.gelu().activation()))
                .plus(linear(model.mlpWidth(), width, Activation.NONE));
    }

    /** The projection to queries, keys and values: the only operation of the first block whose input is the embedding's. */
    private LinearSpec attentionInput(GptModelSpec model) {
        return new LinearSpec(sizes.rows(), model.width(), 3 * model.width(), Activation.NONE);
    }

    private Work linear(int in, int out, Activation activation) {
        return linear(new LinearSpec(sizes.rows(), in, out, activation));
    }

    private Work linear(LinearSpec spec) {
        return MeasuredLinear.forward(spec, widths).plus(MeasuredLinear.backward(spec, widths));
    }
}
