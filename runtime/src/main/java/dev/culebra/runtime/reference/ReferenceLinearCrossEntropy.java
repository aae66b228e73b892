package dev.culebra.runtime.reference;

import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.LinearCrossEntropy;
import dev.culebra.runtime.operation.LinearCrossEntropySpec;

/** {@link LinearCrossEntropy}, one row of logits at a time. */
record ReferenceLinearCrossEntropy(LinearCrossEntropySpec spec, Arguments arguments) implements LinearCrossEntropy {
    @Override
    public void forward(Tensor hidden, Tensor table, Tensor targets, Tensor weights, Tensor nll) {
        if (arguments.lossForward(spec, hidden, table, targets, weights, nll)) {
            return;
        }
        double[] h = hidden.toDoubles(); // (rows, E)
        double[] w = table.toDoubles(); // (V, E)
        int[] target = targets.toInts(); // (rows)
        double[] weight = weights.toDoubles(); // (rows)
        double[] losses = new double[spec.rows()]; // (rows)
        for (int r = 0; r < spec.rows(); r++) {
            if (weight[r] != 0) {
                double[] logits = logits(h, w, r); // (V)
                losses[r] = LogSumExp.of(logits) - logits[target[r]];
            }
        }
        nll.set(losses);
    }

    /** dlogits[r, v] = weights[r] (softmax(logits[r])[v] - (1 where v is the target)). */
    @Override
    public void forwardBackward(Tensor hidden, Tensor table, Tensor targets, Tensor weights, Tensor nll, Tensor dHidden,
            Tensor dTable) {
        if (arguments.lossForwardBackward(spec, hidden, table, targets, weights, nll, dHidden, dTable)) {
            return;
        }
        double[] h = hidden.toDoubles(); // (rows, E)
        double[] w = table.toDoubles(); // (V, E)
        int[] target = targets.toInts(); // (rows)
        double[] weight = weights.toDoubles(); // (rows)
        double[] losses = new double[spec.rows()]; // (rows)
        double[] dh = new double[h.length]; // (rows, E)
        double[] dw = new double[w.length]; // (V, E)
        for (int r = 0; r < spec.rows(); r++) {
            if (weight[r] == 0) {
                continue;
            }
            double[] logits = logits(h, w, r); // (V)
            double logDenominator = LogSumExp.of(logits);
            losses[r] = logDenominator - logits[target[r]];
            for (int v = 0; v < spec.vocabulary(); v++) {
                double dLogit = weight[r] * (Math.exp(logits[v] - logDenominator) - (v == target[r] ? 1 : 0));
                for (int e = 0; e < spec.width(); e++) {
                    dh[r * spec.width() + e] += dLogit * w[v * spec.width() + e];
                    dw[v * spec.width() + e] += dLogit * h[r * spec.width() + e];
                }
            }
        }
        nll.set(losses);
        dHidden.set(dh);
        if (spec.learnTable()) {
            dTable.set(dw);
        }
    }

    @Override
    public void logProbabilities(Tensor hidden, Tensor table, Tensor logProbabilities) {
        if (arguments.logProbabilities(spec, hidden, table, logProbabilities)) {
            return;
        }
        double[] h = hidden.toDoubles(); // (rows, E)
        double[] w = table.toDoubles(); // (V, E)
        double[] result = new double[spec.rows() * spec.vocabulary()]; // (rows, V)
        for (int r = 0; r < spec.rows(); r++) {
            double[] logits = logits(h, w, r); // (V)
            double logDenominator = LogSumExp.of(logits);
            for (int v = 0; v < spec.vocabulary(); v++) {
                result[r * spec.vocabulary() + v] = logits[v] - logDenominator;
            }
        }
        logProbabilities.set(result);
    }

    private double[] logits(double[] h, double[] w, int row) {
        double[] logits = new double[spec.vocabulary()];
        for (int v = 0; v < spec.vocabulary(); v++) {
            for (int e = 0; e < spec.width(); e++) {
                logits[v] += h[row * spec.width() + e] * w[v * spec.width() + e];
            }
        }
        return logits;
    }

    @Override
    public void close() {}
}
