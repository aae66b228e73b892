package dev.culebra.tools.benchmarks.peers.culebra;

import java.util.List;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Lstm;
import dev.culebra.runtime.operation.LstmSpec;
import dev.culebra.runtime.operation.ParameterRegion;
import dev.culebra.tools.benchmarks.peers.Conditions;
import dev.culebra.tools.benchmarks.peers.LayerInput;
import dev.culebra.tools.benchmarks.study.Sizes;

/** An LSTM layer, (B, T, E) to (B, T, H), forward and backward with a gradient of ones. Its result: y and dx. */
public final class CulebraLstm extends CulebraPeer {
    private final Lstm operation;
    private final Tensor x;
    private final Tensor initialHidden;
    private final Tensor initialCell;
    private final Tensor parameters;
    private final Tensor y;
    private final Tensor finalHidden;
    private final Tensor finalCell;
    private final Tensor reserve;
    private final Tensor dy;
    private final Tensor dx;
    private final Tensor dParameters;

    /** Owns the backend. */
    public CulebraLstm(Backend backend, Conditions conditions) {
        super(backend);
        Sizes sizes = conditions.sizes();
        int hidden = sizes.hiddenSize();
        operation = own(backend.lstm(
                new LstmSpec(sizes.batch(), sizes.sequenceLength(), sizes.width(), hidden, 1, 0, 0)));
        x = activations(LayerInput.activations(sizes), sizes.batch(), sizes.sequenceLength(), sizes.width());
        initialHidden = activations(new float[sizes.batch() * hidden], 1, sizes.batch(), hidden);
        initialCell = parameters(new float[sizes.batch() * hidden], 1, sizes.batch(), hidden);
        int elements = Math.toIntExact(operation.parameterElements());
        parameters = parameters(new float[elements], elements);
        for (ParameterRegion region : operation.parameterLayout()) {
            parameters.view(region.offset(), region.shape())
                    .set(LayerInput.weights(region.name(), Math.toIntExact(region.shape().elements())));
        }
        y = activations(sizes.batch(), sizes.sequenceLength(), hidden);
        finalHidden = activations(1, sizes.batch(), hidden);
        finalCell = parameters(1, sizes.batch(), hidden);
        reserve = activations(operation.reserveShape().toArray());
        dy = activations(LayerInput.ones(sizes.rows() * hidden), sizes.batch(), sizes.sequenceLength(), hidden);
        dx = activations(sizes.batch(), sizes.sequenceLength(), sizes.width());
        dParameters = parameters(elements);
    }

    @Override
    void queue() {
        renew(parameters);
        operation.forward(x, initialHidden, initialCell, parameters, 0, y, finalHidden, finalCell, reserve);
        operation.backward(x, initialHidden, initialCell, parameters, 0, y, reserve, dy, dx, dParameters);
    }

    @Override
    public List<double[]> result() {
        return List.of(y.toDoubles(), dx.toDoubles());
    }
}
