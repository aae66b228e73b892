package dev.culebra.tools.benchmarks.peers.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.norm.LayerNorm;
import dev.culebra.tools.benchmarks.peers.Conditions;
import dev.culebra.tools.benchmarks.peers.LayerInput;
import dev.culebra.tools.benchmarks.study.Sizes;

/** A sum, and DJL's block of layer norm over the last axis. */
public final class DjlLayerNorm extends DjlLayer {
    private final LayerNorm block;
    private final NDArray residual;

    /** One with the weights of the other side. */
    public DjlLayerNorm(Conditions conditions) {
        super(conditions);
        Sizes sizes = conditions.sizes();
        block = LayerNorm.builder().axis(2).build();
        NDArray x = array(LayerInput.activations(sizes), sizes.batch(), sizes.sequenceLength(), sizes.width());
        residual = array(LayerInput.residual(sizes), sizes.batch(), sizes.sequenceLength(), sizes.width());
        block.initialize(manager, DataType.FLOAT32, x.getShape());
        new DjlWeights(name -> LayerInput.weights(name, sizes.width())).set(block, "norm");
        input(x);
    }

    @Override
    NDArray forward(NDArray input) {
        return block.forward(store, list(input.add(residual)), true).head();
    }
}
