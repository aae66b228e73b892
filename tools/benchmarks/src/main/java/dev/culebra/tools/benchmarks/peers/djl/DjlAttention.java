package dev.culebra.tools.benchmarks.peers.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.transformer.ScaledDotProductAttentionBlock;
import dev.culebra.tools.benchmarks.peers.Conditions;
import dev.culebra.tools.benchmarks.peers.LayerInput;
import dev.culebra.tools.benchmarks.study.Sizes;

/** DJL's block of attention, under a causal mask that is made once. */
public final class DjlAttention extends DjlLayer {
    private final ScaledDotProductAttentionBlock block;
    private final NDArray mask;

    /** One with the weights of the other side. */
    public DjlAttention(Conditions conditions) {
        super(conditions);
        Sizes sizes = conditions.sizes();
        block = block(sizes.width(), sizes.heads());
        NDArray x = array(LayerInput.activations(sizes), sizes.batch(), sizes.sequenceLength(), sizes.width());
        block.initialize(manager, DataType.FLOAT32, x.getShape());
        new DjlWeights(name -> LayerInput.projection(name, sizes)).set(block, "");
        mask = causalMask(manager, sizes.sequenceLength());
        input(x);
    }

    /** The block without dropout. */
    static ScaledDotProductAttentionBlock block(int width, int heads) {
        return ScaledDotProductAttentionBlock.builder().setEmbeddingSize(width).setHeadCount(heads)
                .optAttentionProbsDropoutProb(0).build();
    }

    /** (1, 1, T, T), as the block takes a mask that is made once: 0 where a position may look, else far below every score. */
    static NDArray causalMask(NDManager manager, int length) {
        float[] offsets = new float[length * length];
        for (int row = 0; row < length; row++) {
            for (int column = row + 1; column < length; column++) {
                offsets[row * length + column] = -1e5f;
            }
        }
        return manager.create(offsets, new Shape(1, 1, length, length));
    }

    @Override
    NDArray forward(NDArray input) {
        return block.forward(store, list(input, mask), true).head();
    }
}
