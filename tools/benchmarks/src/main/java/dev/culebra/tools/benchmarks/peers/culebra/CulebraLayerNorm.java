package dev.culebra.tools.benchmarks.peers.culebra;

import java.util.List;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.LayerNorm;
import dev.culebra.runtime.operation.LayerNormSpec;
import dev.culebra.tools.benchmarks.peers.Conditions;
import dev.culebra.tools.benchmarks.peers.LayerInput;
import dev.culebra.tools.benchmarks.study.Sizes;

/** norm(x + r), forward and backward with a gradient of ones. Its result: y and dx. */
public final class CulebraLayerNorm extends CulebraPeer {
    private final LayerNorm operation;
    private final Tensor x;
    private final Tensor residual;
    private final Tensor weight;
    private final Tensor bias;
    private final Tensor sum;
    private final Tensor statistics;
    private final Tensor y;
    private final Tensor dy;
    private final Tensor dSum;
    private final Tensor dWeight;
    private final Tensor dBias;

    /** Owns the backend. */
    public CulebraLayerNorm(Backend backend, Conditions conditions) {
        super(backend);
        Sizes sizes = conditions.sizes();
        int rows = sizes.rows();
        int width = sizes.width();
        operation = own(backend.layerNorm(new LayerNormSpec(rows, width, 1e-5, true)));
        x = activations(LayerInput.activations(sizes), rows, width);
        residual = activations(LayerInput.residual(sizes), rows, width);
        weight = parameters(LayerInput.weights("norm.weight", width), width);
        bias = parameters(LayerInput.weights("norm.bias", width), width);
        sum = activations(rows, width);
        statistics = parameters(2, rows);
        y = activations(rows, width);
        dy = activations(LayerInput.ones(rows * width), rows, width);
        dSum = activations(rows, width);
        dWeight = parameters(width);
        dBias = parameters(width);
    }

    @Override
    void queue() {
        operation.forward(x, residual, weight, bias, sum, statistics, y);
        operation.backward(sum, statistics, weight, dy, dSum, dWeight, dBias);
    }

    @Override
    public List<double[]> result() {
        return List.of(y.toDoubles(), dSum.toDoubles());
    }
}
