package dev.culebra.runtime.reference;

import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.LayerNorm;
import dev.culebra.runtime.operation.LayerNormSpec;

/** {@link LayerNorm}; the statistics are each row's mean and, in the second half, 1 / √(variance + ε). */
record ReferenceLayerNorm(LayerNormSpec spec, Arguments arguments) implements LayerNorm {
    @Override
    public void forward(Tensor x, Tensor residual, Tensor weight, Tensor bias, Tensor sum, Tensor statistics,
            Tensor y) {
        if (arguments.layerNormForward(spec, x, residual, weight, bias, sum, statistics, y)) {
            return;
        }
        int features = spec.features();
        double[] s = x.toDoubles(); // (rows, features)
        if (spec.residual()) {
            double[] r = residual.toDoubles(); // (rows, features)
            for (int i = 0; i < s.length; i++) {
                s[i] += r[i];
            }
            sum.set(s);
        }
        double[] w = weight.toDoubles(); // (features)
        double[] b = bias.toDoubles(); // (features)
        double[] stats = new double[2 * spec.rows()]; // (2, rows)
        double[] out = new double[s.length]; // (rows, features)
        for (int row = 0; row < spec.rows(); row++) {
            int start = row * features;
            double mean = 0;
            for (int f = 0; f < features; f++) {
                mean += s[start + f] / features;
            }
            double variance = 0;
            for (int f = 0; f < features; f++) {
                variance += (s[start + f] - mean) * (s[start + f] - mean) / features;
            }
            double inverseDeviation = 1 / Math.sqrt(variance + spec.epsilon());
            for (int f = 0; f < features; f++) {
                out[start + f] = (s[start + f] - mean) * inverseDeviation * w[f] + b[f];
            }
            stats[row] = mean;
            stats[spec.rows() + row] = inverseDeviation;
        }
        statistics.set(stats);
        y.set(out);
    }

    /**
     * With x̂ = (s - mean) / √(var + ε) and g = dy ⊙ w:
     * ds = (g - mean(g) - x̂ mean(g ⊙ x̂)) / √(var + ε), dw = Σ dy ⊙ x̂, db = Σ dy over the rows.
     */
    @Override
    public void backward(Tensor sum, Tensor statistics, Tensor weight, Tensor dy, Tensor dSum, Tensor dWeight,
            Tensor dBias) {
        if (arguments.layerNormBackward(spec, sum, statistics, weight, dy, dSum, dWeight, dBias)) {
            return;
        }
        int features = spec.features();
        double[] s = sum.toDoubles(); // (rows, features)
        double[] stats = statistics.toDoubles(); // (2, rows)
        double[] w = weight.toDoubles(); // (features)
        double[] dOut = dy.toDoubles(); // (rows, features)
        double[] ds = new double[s.length]; // (rows, features)
        double[] dw = new double[features]; // (features)
        double[] db = new double[features]; // (features)
        for (int row = 0; row < spec.rows(); row++) {
            int start = row * features;
            double mean = stats[row];
            double inverseDeviation = stats[spec.rows() + row];
            double meanG = 0;
            double meanGNormalized = 0;
            for (int f = 0; f < features; f++) {
                double normalized = (s[start + f] - mean) * inverseDeviation;
                double g = dOut[start + f] * w[f];
                meanG += g / features;
                meanGNormalized += g * normalized / features;
                dw[f] += dOut[start + f] * normalized;
                db[f] += dOut[start + f];
            }
            for (int f = 0; f < features; f++) {
                double normalized = (s[start + f] - mean) * inverseDeviation;
                double g = dOut[start + f] * w[f];
                ds[start + f] = (g - meanG - normalized * meanGNormalized) * inverseDeviation;
            }
        }
        dSum.set(ds);
        dWeight.set(dw);
        dBias.set(db);
    }

    @Override
    public void close() {}
}
