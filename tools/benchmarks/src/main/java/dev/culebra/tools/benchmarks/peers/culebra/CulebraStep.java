package dev.culebra.tools.benchmarks.peers.culebra;

import java.util.List;

import dev.culebra.experiments.study.Experiment;
import dev.culebra.runtime.Backend;
import dev.culebra.tools.benchmarks.peers.Conditions;
import dev.culebra.tools.benchmarks.peers.Losses;
import dev.culebra.tools.benchmarks.peers.Peer;
import dev.culebra.tools.benchmarks.study.StudyStep;

/** Training steps of a run of the study, as the run makes them. Each run is the next step; its result is the loss before it. */
public final class CulebraStep implements Peer {
    private final Backend backend;
    private final StudyStep step;
    private final Losses losses = new Losses();

    /** Owns the backend. */
    public CulebraStep(Backend backend, Conditions conditions, Experiment run) {
        this.backend = backend;
        step = new StudyStep(backend, run, conditions.sizes());
        conditions.weights(run).ifPresent(file -> StoredWeights.load(file, step.model().parameters()));
    }

    @Override
    public void run() {
        step.run();
        losses.add(step.losses()[0]);
        backend.synchronize();
    }

    @Override
    public List<double[]> result() {
        return losses.result();
    }

    @Override
    public void close() {
        try (backend) {
            step.close();
        }
    }
}
