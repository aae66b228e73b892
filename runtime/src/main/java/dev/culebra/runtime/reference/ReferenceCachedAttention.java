package dev.culebra.runtime.reference;

import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.CachedAttention;
import dev.culebra.runtime.operation.CachedAttentionSpec;

/** {@link CachedAttention}, one row of the softmax at a time. */
record ReferenceCachedAttention(CachedAttentionSpec spec, Arguments arguments) implements CachedAttention {
    @Override
    public void forward(Tensor queriesKeysValues, Tensor position, Tensor keysValues, Tensor output) {
        if (arguments.cachedAttention(spec, queriesKeysValues, position, keysValues, output)) {
            return;
        }
        int first = position.toInts()[0];
        double[] qkv = queriesKeysValues.toDoubles(); // (B, N, 3, m, d)
        double[] kept = keysValues.toDoubles(); // (B, P, 2, m, d)
        double[] out = new double[Math.toIntExact(output.elements())]; // (B, N, m, d)
        int width = spec.width();
        for (int b = 0; b < spec.batch(); b++) {
            for (int n = 0; n < spec.newPositions(); n++) {
                int row = b * spec.newPositions() + n;
                int keptRow = b * spec.capacity() + first + n;
                System.arraycopy(qkv, (row * 3 + 1) * width, kept, keptRow * 2 * width, 2 * width);
                for (int head = 0; head < spec.heads(); head++) {
                    attend(qkv, row * 3 * width + head * spec.headSize(), kept,
                            b * spec.capacity() * 2 * width + head * spec.headSize(), first + n + 1, out,
                            row * width + head * spec.headSize());
                }
            }
        }
        keysValues.set(kept);
        output.set(out);
    }

    /** The output of one query and head over the first {@code count} of the keys and values that begin at {@code start}. */
    private void attend(double[] queries, int query, double[] kept, int start, int count, double[] out, int output) {
        int width = spec.width();
        double[] scores = new double[count];
        for (int tau = 0; tau < count; tau++) {
            for (int i = 0; i < spec.headSize(); i++) {
                scores[tau] += queries[query + i] * kept[start + tau * 2 * width + i];
            }
            scores[tau] *= spec.scale();
        }
        double logDenominator = LogSumExp.of(scores);
        for (int tau = 0; tau < count; tau++) {
            double p = Math.exp(scores[tau] - logDenominator);
            for (int i = 0; i < spec.headSize(); i++) {
                out[output + i] += p * kept[start + (tau * 2 + 1) * width + i];
            }
        }
    }

    @Override
    public void close() {}
}
