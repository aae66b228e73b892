package dev.culebra.tools.benchmarks.study;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

import dev.culebra.experiments.study.Experiment;
import dev.culebra.experiments.study.OptimizationSettings;
import dev.culebra.experiments.study.OptimizerKind;
import dev.culebra.experiments.study.Schedule;
import dev.culebra.nn.BatchLoss;
import dev.culebra.nn.LanguageModel;
import dev.culebra.nn.LearningRateSchedule;
import dev.culebra.nn.ModelOptimizer;
import dev.culebra.nn.ModelOptions;
import dev.culebra.nn.ModelSpec;
import dev.culebra.nn.TrainingStep;
import dev.culebra.nn.checkpoint.Checkpoint;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.OwnedParts;
import dev.culebra.runtime.operation.OptimizerSpec;

/**
 * The training steps of a run of the study, as the run makes them, embeddings frozen: batch in, forward, loss, backward, update.
 * The batch is the same each time, random tokens. It owns model and optimiser, and the backend outlives it.
 */
public final class StudyStep implements AutoCloseable {
    /** Of all runs. */
    public static final double LEARNING_RATE = 1e-3;
    private static final long SEED = 42;

    private final OwnedParts owned = new OwnedParts();
    private final LanguageModel model;
    private final ModelOptimizer optimizer;
    private final TrainingStep step;
    private final int[] tokens;
    private final int[] targets;
    private final float[] mask;

    /** Those of a run, from its initial weights on. */
    public StudyStep(Backend backend, Experiment run, Sizes sizes) {
        ModelSpec spec = sizes.model(run);
        try {
            model = owned.own(LanguageModel.create(backend, spec,
                    new ModelOptions(sizes.batch(), sizes.sequenceLength(), 0, false, SEED)));
            optimizer = owned.own(new ModelOptimizer(model, optimizerSpec(run.optimizer()),
                    LearningRateSchedule.constant(LEARNING_RATE), OptionalDouble.empty()));
            step = owned.own(new TrainingStep(model, optimizer));
        } catch (Throwable failure) {
            owned.closeAfter(failure);
            throw failure;
        }
        tokens = tokens(sizes);
        targets = targets(sizes);
        mask = new float[sizes.rows()];
        Arrays.fill(mask, 1);
    }

    /** The tokens of the batch, (B, T). */
    public static int[] tokens(Sizes sizes) {
        return RandomIds.of("tokens", sizes.vocabulary(), sizes.rows());
    }

    /** The tokens to be predicted, (B, T). */
    public static int[] targets(Sizes sizes) {
        return RandomIds.of("targets", sizes.vocabulary(), sizes.rows());
    }

    /** The update of a run's optimiser. */
    public static OptimizerSpec optimizerSpec(OptimizerKind kind) {
        return new OptimizationSettings(kind, LEARNING_RATE, kind.defaultWeightDecay(), 0.9, List.of(0.9, 0.999), 1e-8,
                Schedule.CONSTANT, 0, OptionalDouble.empty()).optimizerSpec();
    }

    /** The model that is trained. */
    public LanguageModel model() {
        return model;
    }

    /** The optimiser that trains it. */
    public ModelOptimizer optimizer() {
        return optimizer;
    }

    /** Makes the next step; the device may not have done it yet when this returns. */
    public void run() {
        step.run(tokens, targets, mask);
    }

    /** Waits for the device and says the losses of the steps since the last call, each before its update. */
    public double[] losses() {
        return step.losses().stream().mapToDouble(BatchLoss::loss).toArray();
    }

    /** Writes the model's weights to a safetensors file. */
    public void save(Path file) {
        try {
            Checkpoint.save(file, model, Optional.empty(), Map.of());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        owned.close();
    }
}
