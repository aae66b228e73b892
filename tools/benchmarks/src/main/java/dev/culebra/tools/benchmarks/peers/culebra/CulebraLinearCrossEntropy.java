package dev.culebra.tools.benchmarks.peers.culebra;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.LinearCrossEntropy;
import dev.culebra.runtime.operation.LinearCrossEntropySpec;
import dev.culebra.tools.benchmarks.peers.Conditions;
import dev.culebra.tools.benchmarks.peers.LayerInput;
import dev.culebra.tools.benchmarks.study.Sizes;
import dev.culebra.tools.benchmarks.study.StudyStep;

/**
 * The tied classifier with its loss, the mean over all rows, forward and backward to the hidden states, the table frozen. Its
 * result: the loss and the gradient of the hidden states.
 */
public final class CulebraLinearCrossEntropy extends CulebraPeer {
    private final LinearCrossEntropy operation;
    private final Tensor hidden;
    private final Tensor table;
    private final Tensor targets;
    private final Tensor weights;
    private final Tensor nll;
    private final Tensor dHidden;

    /** Owns the backend. */
    public CulebraLinearCrossEntropy(Backend backend, Conditions conditions) {
        super(backend);
        Sizes sizes = conditions.sizes();
        int rows = sizes.rows();
        int width = sizes.width();
        operation = own(backend.linearCrossEntropy(
                new LinearCrossEntropySpec(rows, width, sizes.vocabulary(), false)));
        hidden = activations(LayerInput.activations(sizes), rows, width);
        table = parameters(LayerInput.weights("table", sizes.vocabulary() * width), sizes.vocabulary(), width);
        targets = allocated(DataType.I32, rows);
        targets.set(StudyStep.targets(sizes));
        float[] each = new float[rows];
        Arrays.fill(each, 1f / rows);
        weights = parameters(each, rows);
        nll = parameters(rows);
        dHidden = activations(rows, width);
    }

    @Override
    void queue() {
        operation.forwardBackward(hidden, table, targets, weights, nll, dHidden, table);
    }

    @Override
    public List<double[]> result() {
        return List.of(new double[] {DoubleStream.of(nll.toDoubles()).average().orElseThrow()}, dHidden.toDoubles());
    }
}
