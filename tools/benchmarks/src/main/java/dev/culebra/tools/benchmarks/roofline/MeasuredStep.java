package dev.culebra.tools.benchmarks.roofline;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

import dev.culebra.experiments.study.Experiment;
import dev.culebra.experiments.study.OptimizationSettings;
import dev.culebra.experiments.study.OptimizerKind;
import dev.culebra.experiments.study.Schedule;
import dev.culebra.nn.LanguageModel;
import dev.culebra.nn.LearningRateSchedule;
import dev.culebra.nn.ModelOptimizer;
import dev.culebra.nn.ModelOptions;
import dev.culebra.nn.ModelSpec;
import dev.culebra.nn.TrainingStep;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.OwnedParts;
import dev.culebra.runtime.operation.OptimizerSpec;

/**
 * A whole training step of a run of the study, as the run makes it, embeddings frozen: batch in, forward, loss, backward, update.
 * A device that records it has done so when it is timed.
 */
final class MeasuredStep implements AutoCloseable {
    private static final double LEARNING_RATE = 1e-3;
    private static final long SEED = 42;

    private final OwnedParts owned = new OwnedParts();
    private final Experiment run;
    private final Sizes sizes;
    private final LanguageModel model;
    private final ModelOptimizer optimizer;
    private final TrainingStep step;
    private final int[] tokens;
    private final int[] targets;
    private final float[] mask;

    MeasuredStep(Backend backend, Experiment run, Sizes sizes) {
        this.run = run;
        this.sizes = sizes;
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
        tokens = RandomIds.of("tokens", spec.vocabulary(), sizes.rows());
        targets = RandomIds.of("targets", spec.vocabulary(), sizes.rows());
        mask = new float[sizes.rows()];
        Arrays.fill(mask, 1);
    }

    /** The step. */
    Call call() {
        Work work = new StepWork(sizes, Widths.of(model.backend().precision())).of(model.spec(), optimizer.spec(),
                model.parameters().learnedElements());
        return new Call(run.toString(), "step", run.model() + ", " + run.layers()
                + (run.layers() == 1 ? " layer" : " layers") + ", " + run.optimizer() + ", " + sizes.batch() + " x "
                + sizes.sequenceLength(), work, () -> step.run(tokens, targets, mask));
    }

    private static OptimizerSpec optimizerSpec(OptimizerKind kind) {
        return new OptimizationSettings(kind, LEARNING_RATE, kind.defaultWeightDecay(), 0.9, List.of(0.9, 0.999), 1e-8,
                Schedule.CONSTANT, 0, OptionalDouble.empty()).optimizerSpec();
    }

    @Override
    public void close() {
        owned.close();
    }
}
