package dev.culebra.tools.benchmarks.peers.culebra;

import java.util.Arrays;
import java.util.List;

import dev.culebra.experiments.study.Experiment;
import dev.culebra.nn.Decoder;
import dev.culebra.runtime.Backend;
import dev.culebra.tools.benchmarks.peers.Conditions;
import dev.culebra.tools.benchmarks.peers.Peer;
import dev.culebra.tools.benchmarks.peers.Prediction;
import dev.culebra.tools.benchmarks.study.StudyStep;

/**
 * A text of which half a window was read, and each run reads its next token: an LSTM goes on from its states, a GPT from the keys
 * and values that it keeps. The result: the log-probabilities of the token after it.
 */
public final class CulebraGeneration implements Peer {
    private final Backend backend;
    private final Decoder decoder;
    private final int[] text;
    private int position;
    private double[] logProbabilities = {};

    /** Owns the backend. */
    public CulebraGeneration(Backend backend, Conditions conditions, Experiment run) {
        this.backend = backend;
        decoder = Decoder.create(backend, conditions.sizes().model(run));
        conditions.weights(run).ifPresent(file -> StoredWeights.load(file, decoder.parameters()));
        text = StudyStep.tokens(conditions.sizes());
        position = conditions.promptLength();
        decoder.read(Arrays.copyOf(text, position));
    }

    @Override
    public void run() {
        logProbabilities = decoder.read(text[position++ % text.length]);
    }

    @Override
    public List<double[]> result() {
        return List.of(Prediction.centred(logProbabilities));
    }

    @Override
    public void close() {
        try (backend) {
            decoder.close();
        }
    }
}
