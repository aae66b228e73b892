package dev.culebra.runtime.reference;

import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.Embedding;
import dev.culebra.runtime.operation.EmbeddingSpec;

/** {@link Embedding} as its formula stands there. */
record ReferenceEmbedding(EmbeddingSpec spec, Arguments arguments) implements Embedding {
    private static final int PADDING = 0;

    @Override
    public void forward(Tensor tokens, Tensor tokenTable, Tensor positionTable, Tensor y) {
        if (arguments.embeddingForward(spec, tokens, tokenTable, positionTable, y)) {
            return;
        }
        int width = spec.width();
        int[] ids = tokens.toInts(); // (B, T)
        double[] tokenRows = tokenTable.toDoubles(); // (V, E)
        double[] positionRows = positionTable.toDoubles(); // (positions, E)
        double[] out = new double[ids.length * width]; // (B, T, E)
        for (int i = 0; i < ids.length; i++) {
            int t = i % spec.sequenceLength();
            for (int e = 0; e < width; e++) {
                out[i * width + e] = tokenRows[ids[i] * width + e];
                if (spec.positions() > 0) {
                    out[i * width + e] += positionRows[t * width + e];
                }
            }
        }
        y.set(out);
    }

    @Override
    public void backward(Tensor tokens, Tensor dy, Tensor dTokenTable, Tensor dPositionTable) {
        if (arguments.embeddingBackward(spec, tokens, dy, dTokenTable, dPositionTable)) {
            return;
        }
        int width = spec.width();
        int[] ids = tokens.toInts(); // (B, T)
        double[] dOut = dy.toDoubles(); // (B, T, E)
        double[] dTokenRows = dTokenTable.toDoubles(); // (V, E)
        double[] dPositionRows = new double[spec.positions() * width]; // (positions, E)
        for (int i = 0; i < ids.length; i++) {
            int t = i % spec.sequenceLength();
            for (int e = 0; e < width; e++) {
                if (ids[i] != PADDING) {
                    dTokenRows[ids[i] * width + e] += dOut[i * width + e];
                }
                if (spec.positions() > 0) {
                    dPositionRows[t * width + e] += dOut[i * width + e];
                }
            }
        }
        dTokenTable.set(dTokenRows);
        if (spec.positions() > 0) {
            dPositionTable.set(dPositionRows);
        }
    }

    @Override
    public void close() {}
}
