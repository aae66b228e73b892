package dev.culebra.tools.benchmarks.peers.djl;

import java.util.List;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.culebra.tools.benchmarks.peers.Conditions;

/** A layer, forward and backward with a gradient of ones. Its result: y and dx. What a run made is kept until the next. */
abstract class DjlLayer extends DjlPeer {
    final ParameterStore store;
    private NDManager run;
    private NDArray x;
    private NDArray leaf;
    private NDArray y;

    DjlLayer(Conditions conditions) {
        super(conditions);
        store = new ParameterStore(manager, false);
        run = manager.newSubManager();
    }

    /** Takes the layer's input, which the gradient is computed of. */
    final void input(NDArray array) {
        x = array;
    }

    /** y; what is made on the way belongs to the manager of the input. */
    abstract NDArray forward(NDArray input);

    @Override
    public final void run() {
        run.close();
        run = manager.newSubManager();
        leaf = x.stopGradient();
        leaf.attach(run);
        leaf.setRequiresGradient(true);
        try (GradientCollector collector = Engine.getEngine(ENGINE).newGradientCollector()) {
            y = forward(leaf);
            collector.backward(y);
        }
        finish();
    }

    @Override
    public final List<double[]> result() {
        return List.of(doubles(y.toFloatArray()), doubles(leaf.getGradient().toFloatArray()));
    }
}
