package dev.culebra.tools.benchmarks.peers.djl;

import ai.djl.Model;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.culebra.experiments.study.Experiment;
import dev.culebra.nn.GptModelSpec;
import dev.culebra.nn.LstmModelSpec;
import dev.culebra.nn.ModelSpec;
import dev.culebra.tools.benchmarks.peers.Conditions;

/** The models of the study, with the weights of the other side. */
final class DjlModels {
    private DjlModels() {}

    /** That of an architecture, without weights. */
    static DjlLanguageModel of(ModelSpec spec) {
        return switch (spec) {
            case LstmModelSpec lstm -> new DjlLstmModel(lstm);
            case GptModelSpec gpt -> new DjlGptModel(gpt);
        };
    }

    /** A run's, in a model of DJL that owns its parameters. */
    static Model model(Conditions conditions, Experiment run) {
        DjlLanguageModel block = of(conditions.sizes().model(run));
        Model model = Model.newInstance(run.toString(), DjlPeer.device(conditions), DjlPeer.ENGINE);
        model.setBlock(block);
        block.initialize(model.getNDManager(), DataType.FLOAT32,
                new Shape(conditions.sizes().batch(), conditions.sizes().sequenceLength()));
        conditions.weights(run).ifPresent(file -> block.set(DjlWeights.of(file)));
        return model;
    }
}
