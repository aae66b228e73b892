package dev.culebra.tools.benchmarks.peers;

import java.util.Optional;

import dev.culebra.experiments.study.Experiment;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Backends;
import dev.culebra.tools.benchmarks.peers.culebra.CulebraAdam;
import dev.culebra.tools.benchmarks.peers.culebra.CulebraAttention;
import dev.culebra.tools.benchmarks.peers.culebra.CulebraGeneration;
import dev.culebra.tools.benchmarks.peers.culebra.CulebraLayerNorm;
import dev.culebra.tools.benchmarks.peers.culebra.CulebraLinearCrossEntropy;
import dev.culebra.tools.benchmarks.peers.culebra.CulebraLstm;
import dev.culebra.tools.benchmarks.peers.culebra.CulebraStep;
import dev.culebra.tools.benchmarks.peers.djl.DjlAdam;
import dev.culebra.tools.benchmarks.peers.djl.DjlAttention;
import dev.culebra.tools.benchmarks.peers.djl.DjlGptGeneration;
import dev.culebra.tools.benchmarks.peers.djl.DjlLayerNorm;
import dev.culebra.tools.benchmarks.peers.djl.DjlLinearCrossEntropy;
import dev.culebra.tools.benchmarks.peers.djl.DjlLstm;
import dev.culebra.tools.benchmarks.peers.djl.DjlLstmGeneration;
import dev.culebra.tools.benchmarks.peers.djl.DjlStep;

/** What is compared: a row of the table. */
public enum Comparison {
    /** A training step of exp1, embeddings frozen. */
    EXP1("training step, exp1", Experiment.EXP1),
    /** A training step of exp5. */
    EXP5("training step, exp5", Experiment.EXP5),
    /** A training step of exp12. */
    EXP12("training step, exp12", Experiment.EXP12),
    /** An LSTM layer, forward and backward. */
    LSTM("lstm, forward and backward"),
    /** Attention with its projections, forward and backward. */
    ATTENTION("attention with its projections, forward and backward"),
    /** Residual sum and layer norm, forward and backward. */
    LAYER_NORM("residual and layer norm, forward and backward"),
    /** The tied classifier with its loss, forward and backward to the hidden states. */
    LINEAR_CROSS_ENTROPY("linear cross-entropy, forward and backward"),
    /** Adam on the parameters of a block of MiniGPT1. */
    ADAM("adam on a block's parameters"),
    /** The next token of a text by exp1's model. */
    GENERATE_LSTM("generation of a token, lstm", Experiment.EXP1),
    /** The next token of a text by exp5's model. */
    GENERATE_GPT("generation of a token, gpt1", Experiment.EXP5);

    private final String label;
    private final Optional<Experiment> run;

    Comparison(String label) {
        this.label = label;
        this.run = Optional.empty();
    }

    Comparison(String label, Experiment run) {
        this.label = label;
        this.run = Optional.of(run);
    }

    /** Its name in tables. */
    @Override
    public String toString() {
        return label;
    }

    /** Whether it takes milliseconds: such code is compiled only after many calls. */
    boolean isShort() {
        return switch (this) {
            case LAYER_NORM, ADAM, GENERATE_LSTM, GENERATE_GPT -> true;
            case EXP1, EXP5, EXP12, LSTM, ATTENTION, LINEAR_CROSS_ENTROPY -> false;
        };
    }

    /** The run of the study whose weights it takes, if it takes any. */
    Optional<Experiment> run() {
        return run;
    }

    /** Those who do it. */
    Peer peer(Way way, Conditions conditions) {
        return way == Way.DJL ? djl(conditions) : culebra(way, conditions);
    }

    private Peer djl(Conditions conditions) {
        return switch (this) {
            case EXP1, EXP5, EXP12 -> new DjlStep(conditions, run.orElseThrow());
            case LSTM -> new DjlLstm(conditions);
            case ATTENTION -> new DjlAttention(conditions);
            case LAYER_NORM -> new DjlLayerNorm(conditions);
            case LINEAR_CROSS_ENTROPY -> new DjlLinearCrossEntropy(conditions);
            case ADAM -> new DjlAdam(conditions);
            case GENERATE_LSTM -> new DjlLstmGeneration(conditions, run.orElseThrow());
            case GENERATE_GPT -> new DjlGptGeneration(conditions, run.orElseThrow());
        };
    }

    private Peer culebra(Way way, Conditions conditions) {
        Backend backend = Backends.open(conditions.device(), way.precision());
        try {
            return culebra(backend, conditions);
        } catch (Throwable failure) {
            try (backend) {
                throw failure;
            }
        }
    }

    private Peer culebra(Backend backend, Conditions conditions) {
        return switch (this) {
            case EXP1, EXP5, EXP12 -> new CulebraStep(backend, conditions, run.orElseThrow());
            case LSTM -> new CulebraLstm(backend, conditions);
            case ATTENTION -> new CulebraAttention(backend, conditions);
            case LAYER_NORM -> new CulebraLayerNorm(backend, conditions);
            case LINEAR_CROSS_ENTROPY -> new CulebraLinearCrossEntropy(backend, conditions);
            case ADAM -> new CulebraAdam(backend, conditions);
            case GENERATE_LSTM, GENERATE_GPT -> new CulebraGeneration(backend, conditions, run.orElseThrow());
        };
    }
}
