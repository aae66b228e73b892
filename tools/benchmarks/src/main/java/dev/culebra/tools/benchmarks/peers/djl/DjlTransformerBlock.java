package dev.culebra.tools.benchmarks.peers.djl;

import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.transformer.PointwiseFeedForwardBlock;
import ai.djl.nn.transformer.ScaledDotProductAttentionBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/**
 * A block of MiniGPT1 of DJL's blocks, put together as its TransformerEncoderBlock is, which has batch norm in place of layer norm:
 * x = norm1(attention(x) + x), x = norm2(mlp(x) + x). Takes x and the causal mask, gives x.
 */
final class DjlTransformerBlock extends AbstractBlock {
    private final ScaledDotProductAttentionBlock attention;
    private final LayerNorm norm1;
    private final PointwiseFeedForwardBlock mlp;
    private final LayerNorm norm2;

    DjlTransformerBlock(int width, int heads, int mlpWidth) {
        attention = addChildBlock("attention", DjlAttention.block(width, heads));
        norm1 = addChildBlock("norm1", LayerNorm.builder().axis(2).build());
        mlp = addChildBlock("mlp", new PointwiseFeedForwardBlock(List.of(mlpWidth), width, Activation::gelu));
        norm2 = addChildBlock("norm2", LayerNorm.builder().axis(2).build());
    }

    @Override
    protected NDList forwardInternal(ParameterStore store, NDList inputs, boolean training,
            PairList<String, Object> params) {
        NDArray x = inputs.head();
        NDArray attended = attention.forward(store, inputs, training).head();
        NDArray middle = norm1.forward(store, new NDList(attended.add(x)), training).head();
        NDArray computed = mlp.forward(store, new NDList(middle), training).head();
        return norm2.forward(store, new NDList(computed.add(middle)), training);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return new Shape[] {inputs[0]};
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
        for (String child : children.keys()) {
            children.get(child).initialize(manager, type, inputs[0]);
        }
    }

    void set(DjlWeights weights, String prefix) {
        weights.set(attention, prefix + "attention");
        weights.set(norm1, prefix + "norm1");
        weights.set((Linear) mlp.getChildren().get(0).getValue(), prefix + "mlp.0");
        weights.set((Linear) mlp.getChildren().get(2).getValue(), prefix + "mlp.2");
        weights.set(norm2, prefix + "norm2");
    }
}
