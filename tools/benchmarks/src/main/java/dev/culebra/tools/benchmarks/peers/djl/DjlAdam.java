package dev.culebra.tools.benchmarks.peers.djl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

import ai.djl.ndarray.NDArray;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.culebra.tools.benchmarks.peers.BlockParameters;
import dev.culebra.tools.benchmarks.peers.Conditions;
import dev.culebra.tools.benchmarks.study.StudyStep;

/** DJL's Adam, tensor by tensor, as its parameter store calls it. Each run is the next step; its result are the parameters. */
public final class DjlAdam extends DjlPeer {
    /**
     * DJL adds ε to √v before v's bias is corrected, everybody else after: so this one, 1e-8 √(1 - 0.999), is in the first step what
     * 1e-8 is for the others. Gradients of a mean over thousands of tokens are small enough to show it.
     */
    static final float EPSILON = (float) (1e-8 * Math.sqrt(1 - 0.999));

    private final Optimizer optimizer = Optimizer.adam()
            .optLearningRateTracker(Tracker.fixed((float) StudyStep.LEARNING_RATE)).optEpsilon(EPSILON).build();
    private final List<NDArray> parameters = new ArrayList<>();
    private final List<NDArray> gradients = new ArrayList<>();

    /** On the parameters of the other side. */
    public DjlAdam(Conditions conditions) {
        super(conditions);
        BlockParameters block = new BlockParameters(conditions.sizes());
        float[] values = block.values();
        float[] slopes = block.gradients();
        int from = 0;
        for (int elements : block.tensors()) {
            parameters.add(array(Arrays.copyOfRange(values, from, from + elements), elements));
            gradients.add(array(Arrays.copyOfRange(slopes, from, from + elements), elements));
            from += elements;
        }
    }

    @Override
    public void run() {
        for (int i = 0; i < parameters.size(); i++) {
            optimizer.update("parameter " + i, parameters.get(i), gradients.get(i));
        }
        finish();
    }

    @Override
    public List<double[]> result() {
        return List.of(
                parameters.stream().map(NDArray::toFloatArray).map(DjlPeer::doubles).flatMapToDouble(DoubleStream::of)
                        .toArray());
    }
}
