package dev.culebra.tools.benchmarks.roofline;

import java.util.List;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.LayerNorm;
import dev.culebra.runtime.operation.LayerNormSpec;

/** Layer normalisation of s = x + r, rows of f features. */
final class MeasuredLayerNorm extends MeasuredOperation {
    private final LayerNormSpec spec;
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

    /** One with a residual, as all of the study's are. */
    MeasuredLayerNorm(Backend backend, int rows, int features) {
        super(backend);
        spec = new LayerNormSpec(rows, features, 1e-5, true);
        operation = own(backend.layerNorm(spec));
        x = activations(rows, features);
        residual = activations(rows, features);
        weight = parameters(features);
        bias = parameters(features);
        sum = activations(rows, features);
        statistics = parameters(2, rows);
        y = activations(rows, features);
        dy = activations(rows, features);
        dSum = activations(rows, features);
        dWeight = parameters(features);
        dBias = parameters(features);
        operation.forward(x, residual, weight, bias, sum, statistics, y);
    }

    @Override
    List<Call> calls() {
        String sizes = spec.rows() + " x " + spec.features() + ", residual";
        return List.of(
                new Call("layer norm", "forward", sizes, forward(spec, widths),
                        () -> operation.forward(x, residual, weight, bias, sum, statistics, y)),
                new Call("layer norm", "backward", sizes, backward(spec, widths),
                        () -> operation.backward(sum, statistics, weight, dy, dSum, dWeight, dBias)));
    }

    /**
     * Of each element the sum with r, 1; mean, 1; variance, 3; normalisation, 2; weight and bias, 2. Reads x, r, w, b; writes s, y
     * and two statistics a row.
     */
    static Work forward(LayerNormSpec spec, Widths widths) {
        double elements = (double) spec.rows() * spec.features();
        return new Work(9 * elements,
                widths.activation() * 4 * elements + widths.parameter() * 2.0 * (spec.rows() + spec.features()));
    }

    /**
     * Of each element x̂, 2; dy w, 1; the row's sums of that and of that with x̂, 3; ds, 5; the columns' sums of dy and dy x̂, 3.
     * Reads s, dy, w and the statistics; writes ds, dw and db.
     */
    static Work backward(LayerNormSpec spec, Widths widths) {
        double elements = (double) spec.rows() * spec.features();
        return new Work(14 * elements,
                widths.activation() * 3 * elements + widths.parameter() * (2.0 * spec.rows() + 3.0 * spec.features()));
    }
}
