package dev.culebra.tools.benchmarks.peers;

import java.util.stream.DoubleStream;

/** What a model says of the next token. */
public final class Prediction {
    private Prediction() {}

    /** Log-probabilities without their mean, which of a model at its start is nearly all of them. */
    public static double[] centred(double[] logProbabilities) {
        double mean = DoubleStream.of(logProbabilities).average().orElseThrow();
        return DoubleStream.of(logProbabilities).map(value -> value - mean).toArray();
    }
}
