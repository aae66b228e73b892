package dev.culebra.runtime.reference;

import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.Attention;
import dev.culebra.runtime.operation.AttentionSpec;

/** {@link Attention}, one row of the softmax at a time. */
record ReferenceAttention(AttentionSpec spec, Arguments arguments) implements Attention {
    private static final int QUERY = 0;
    private static final int KEY = 1;
    private static final int VALUE = 2;

    @Override
    public void forward(Tensor queriesKeysValues, Tensor logSumExp, Tensor output) {
        if (arguments.attentionForward(spec, queriesKeysValues, logSumExp, output)) {
            return;
        }
        double[] qkv = queriesKeysValues.toDoubles(); // (B, T, 3, m, d)
        double[] lse = new double[Math.toIntExact(logSumExp.elements())]; // (B, m, T)
        double[] out = new double[Math.toIntExact(output.elements())]; // (B, T, m, d)
        forEachRow((b, head, t) -> {
            double[] scores = scores(qkv, b, head, t); // (t + 1)
            double logDenominator = LogSumExp.of(scores);
            lse[(b * spec.heads() + head) * spec.sequenceLength() + t] = logDenominator;
            for (int tau = 0; tau <= t; tau++) {
                double p = Math.exp(scores[tau] - logDenominator);
                for (int i = 0; i < spec.headSize(); i++) {
                    out[outputIndex(b, t, head) + i] += p * qkv[index(b, tau, VALUE, head) + i];
                }
            }
        });
        logSumExp.set(lse);
        output.set(out);
    }

    /**
     * Row by row, with p = softmax(s) and o = Σ_τ p_τ v_τ: dp_τ = do · v_τ, ds_τ = p_τ (dp_τ - do · o), since
     * Σ_τ p_τ dp_τ = do · o; dv_τ = Σ_t p_τ do, dq = Σ_τ ds_τ k_τ / √d, dk_τ = Σ_t ds_τ q / √d.
     */
    @Override
    public void backward(Tensor queriesKeysValues, Tensor logSumExp, Tensor output, Tensor dOutput,
            Tensor dQueriesKeysValues) {
        if (arguments.attentionBackward(spec, queriesKeysValues, logSumExp, output, dOutput, dQueriesKeysValues)) {
            return;
        }
        double[] qkv = queriesKeysValues.toDoubles(); // (B, T, 3, m, d)
        double[] lse = logSumExp.toDoubles(); // (B, m, T)
        double[] out = output.toDoubles(); // (B, T, m, d)
        double[] dOut = dOutput.toDoubles(); // (B, T, m, d)
        double[] dqkv = new double[qkv.length]; // (B, T, 3, m, d)
        double scale = spec.scale();
        forEachRow((b, head, t) -> {
            int row = outputIndex(b, t, head);
            double dOutDotOut = 0;
            for (int i = 0; i < spec.headSize(); i++) {
                dOutDotOut += dOut[row + i] * out[row + i];
            }
            double[] scores = scores(qkv, b, head, t); // (t + 1)
            double logDenominator = lse[(b * spec.heads() + head) * spec.sequenceLength() + t];
            for (int tau = 0; tau <= t; tau++) {
                double p = Math.exp(scores[tau] - logDenominator);
                double dp = 0;
                for (int i = 0; i < spec.headSize(); i++) {
                    dp += dOut[row + i] * qkv[index(b, tau, VALUE, head) + i];
                }
                double ds = p * (dp - dOutDotOut);
                for (int i = 0; i < spec.headSize(); i++) {
                    dqkv[index(b, tau, VALUE, head) + i] += p * dOut[row + i];
                    dqkv[index(b, t, QUERY, head) + i] += ds * scale * qkv[index(b, tau, KEY, head) + i];
                    dqkv[index(b, tau, KEY, head) + i] += ds * scale * qkv[index(b, t, QUERY, head) + i];
                }
            }
        });
        dQueriesKeysValues.set(dqkv);
    }

    @Override
    public void weights(Tensor queriesKeysValues, Tensor weights) {
        if (arguments.attentionWeights(spec, queriesKeysValues, weights)) {
            return;
        }
        double[] qkv = queriesKeysValues.toDoubles(); // (B, T, 3, m, d)
        double[] p = new double[Math.toIntExact(weights.elements())]; // (B, m, T, T)
        forEachRow((b, head, t) -> {
            double[] scores = scores(qkv, b, head, t); // (t + 1)
            double logDenominator = LogSumExp.of(scores);
            int row = ((b * spec.heads() + head) * spec.sequenceLength() + t) * spec.sequenceLength();
            for (int tau = 0; tau <= t; tau++) {
                p[row + tau] = Math.exp(scores[tau] - logDenominator);
            }
        });
        weights.set(p);
    }

    /** q_t · k_τ / √d for τ = 0..t: the mask is that the later ones are not there. */
    private double[] scores(double[] qkv, int b, int head, int t) {
        double[] scores = new double[t + 1];
        for (int tau = 0; tau <= t; tau++) {
            for (int i = 0; i < spec.headSize(); i++) {
                scores[tau] += qkv[index(b, t, QUERY, head) + i] * qkv[index(b, tau, KEY, head) + i];
            }
            scores[tau] /= Math.sqrt(spec.headSize());
        }
        return scores;
    }

    /** Where a query, key or value begins in (B, T, 3, m, d). */
    private int index(int b, int t, int part, int head) {
        return (((b * spec.sequenceLength() + t) * 3 + part) * spec.heads() + head) * spec.headSize();
    }

    /** Where an output begins in (B, T, m, d). */
    private int outputIndex(int b, int t, int head) {
        return ((b * spec.sequenceLength() + t) * spec.heads() + head) * spec.headSize();
    }

    private void forEachRow(Row row) {
        for (int b = 0; b < spec.batch(); b++) {
            for (int head = 0; head < spec.heads(); head++) {
                for (int t = 0; t < spec.sequenceLength(); t++) {
                    row.compute(b, head, t);
                }
            }
        }
    }

    private interface Row {
        void compute(int b, int head, int t);
    }

    @Override
    public void close() {}
}
