package dev.culebra.tools.benchmarks.peers.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.recurrent.LSTM;
import dev.culebra.tools.benchmarks.peers.Conditions;
import dev.culebra.tools.benchmarks.peers.LayerInput;
import dev.culebra.tools.benchmarks.study.Sizes;

/** DJL's block of an LSTM layer. */
public final class DjlLstm extends DjlLayer {
    private final LSTM block;

    /** One with the weights of the other side. */
    public DjlLstm(Conditions conditions) {
        super(conditions);
        Sizes sizes = conditions.sizes();
        block = LSTM.builder().setNumLayers(1).setStateSize(sizes.hiddenSize()).build();
        NDArray x = array(LayerInput.activations(sizes), sizes.batch(), sizes.sequenceLength(), sizes.width());
        block.initialize(manager, DataType.FLOAT32, x.getShape());
        new DjlWeights(name -> LayerInput.lstm(name, sizes)).set(block, "", 1);
        input(x);
    }

    @Override
    NDArray forward(NDArray input) {
        return block.forward(store, list(input), true).head();
    }
}
