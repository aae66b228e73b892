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
        this(backend, sizes.model(run), run.optimizer(), sizes.batch(), sizes.sequenceLength());
    }

    /** Those of any model on batches of any shape. */
    public StudyStep(Backend backend, ModelSpec spec, OptimizerKind kind, int batch, int sequenceLength) {
        try {
            model = owned
                    .own(LanguageModel.create(backend, spec, new ModelOptions(batch, sequenceLength, 0, false, SEED)));
            optimizer = owned.own(new ModelOptimizer(model, optimizerSpec(kind),
                    LearningRateSchedule.constant(LEARNING_RATE), OptionalDouble.empty()));
            step = owned.own(new TrainingStep(model, optimizer));
        } catch (Throwable failure) {
            owned.closeAfter(failure);
            throw failure;
        }
        int rows = batch * sequenceLength;
        tokens = tokens(spec.vocabulary(), rows);
        targets = targets(spec.vocabulary(), rows);
        mask = new float[rows];
        Arrays.fill(mask, 1);
    }

    /** The tokens of the batch, (B, T). */
    public static int[] tokens(Sizes sizes) {
        return tokens(sizes.vocabulary(), sizes.rows());
    }

    private static int[] tokens(int vocabulary, int rows) {
        return RandomIds.of("tokens", vocabulary, rows);
    }

    /** The tokens to be predicted, (B, T). */
    public static int[] targets(Sizes sizes) {
        return targets(sizes.vocabulary(), sizes.rows());
    }

    private static int[] targets(int vocabulary, int rows) {
        return RandomIds.of("targets", vocabulary, rows);
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
