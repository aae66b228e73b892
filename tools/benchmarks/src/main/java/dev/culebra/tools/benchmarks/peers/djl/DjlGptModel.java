package dev.culebra.tools.benchmarks.peers.djl;

import java.util.ArrayList;
import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import dev.culebra.nn.GptModelSpec;

/** The study's MiniGPT1 of DJL's blocks. */
final class DjlGptModel extends DjlLanguageModel {
    private final GptModelSpec spec;
    private final Parameter positions;
    private final List<DjlTransformerBlock> blocks = new ArrayList<>();
    private NDArray mask;

    DjlGptModel(GptModelSpec spec) {
        super(spec.vocabulary(), spec.width());
        this.spec = spec;
        positions = addParameter(Parameter.builder().setName("positions").setType(Parameter.Type.WEIGHT)
                .optShape(new Shape(spec.positions(), spec.width())).build());
        positions.freeze(true);
        for (int layer = 0; layer < spec.layers(); layer++) {
            blocks.add(addChildBlock("layers" + layer,
                    new DjlTransformerBlock(spec.width(), spec.heads(), 4 * spec.width())));
        }
    }

    @Override
    NDArray body(ParameterStore store, NDArray embedded, boolean training) {
        long length = embedded.getShape().get(1);
        NDArray table = store.getValue(positions, embedded.getDevice(), training);
        NDArray ofPositions = table;
        NDArray causal = mask;
        if (length < spec.positions()) {
            ofPositions = table.get(new NDIndex("0:{}", length));
            causal = mask.get(new NDIndex(":,:,0:{},0:{}", length, length));
            ofPositions.attach(embedded.getManager());
            causal.attach(embedded.getManager());
        }
        NDArray x = embedded.add(ofPositions);
        for (DjlTransformerBlock block : blocks) {
            x = block.forward(store, new NDList(x, causal), training).head();
        }
        return x;
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
        tokens().initialize(manager, type, inputs);
        Shape activations = inputs[0].addAll(new Shape(spec.width()));
        blocks.forEach(block -> block.initialize(manager, type, activations));
        mask = DjlAttention.causalMask(manager, spec.positions());
    }

    @Override
    void set(DjlWeights weights) {
        weights.set(tokens().getDirectParameters().get("embedding"), "embedding.tokens.weight");
        weights.set(positions, "embedding.position.weight");
        for (int layer = 0; layer < blocks.size(); layer++) {
            blocks.get(layer).set(weights, "layers." + layer + ".");
        }
    }
}
