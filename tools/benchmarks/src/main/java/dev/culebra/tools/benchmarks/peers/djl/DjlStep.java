package dev.culebra.tools.benchmarks.peers.djl;

import java.util.List;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.culebra.experiments.study.Experiment;
import dev.culebra.experiments.study.OptimizerKind;
import dev.culebra.tools.benchmarks.peers.Conditions;
import dev.culebra.tools.benchmarks.peers.Losses;
import dev.culebra.tools.benchmarks.study.Sizes;
import dev.culebra.tools.benchmarks.study.StudyStep;

/** Training steps by DJL's trainer. Each run is the next step; its result is the loss before it. */
public final class DjlStep extends DjlPeer {
    private final Trainer trainer;
    private final Sizes sizes;
    private final int[] tokens;
    private final int[] targets;
    private final Losses losses = new Losses();

    /** Those of a run, from the weights of the other side on. */
    public DjlStep(Conditions conditions, Experiment run) {
        super(conditions);
        sizes = conditions.sizes();
        Model model = own(DjlModels.model(conditions, run));
        trainer = own(model.newTrainer(new DefaultTrainingConfig(DjlLinearCrossEntropy.loss())
                .optOptimizer(optimizer(run.optimizer())).optDevices(new Device[] {device(conditions)})));
        trainer.initialize(new Shape(sizes.batch(), sizes.sequenceLength()));
        tokens = StudyStep.tokens(sizes);
        targets = StudyStep.targets(sizes);
    }

    private static Optimizer optimizer(OptimizerKind kind) {
        Tracker rate = Tracker.fixed((float) StudyStep.LEARNING_RATE);
        return switch (kind) {
            case ADAM -> Optimizer.adam().optLearningRateTracker(rate).optEpsilon(DjlAdam.EPSILON).build();
            case ADAMW -> Optimizer.adamW().optLearningRateTracker(rate).optEpsilon(DjlAdam.EPSILON)
                    .optWeightDecays((float) kind.defaultWeightDecay()).build();
            case SGD, MOMENTUM -> throw new IllegalArgumentException(kind + " is not compared");
        };
    }

    @Override
    public void run() {
        try (NDManager batch = trainer.getManager().newSubManager()) {
            NDArray data = ids(tokens, sizes.batch(), sizes.sequenceLength());
            NDArray labels = ids(targets, sizes.batch(), sizes.sequenceLength(), 1);
            data.attach(batch);
            labels.attach(batch);
            try (GradientCollector collector = trainer.newGradientCollector()) {
                NDArray value = trainer.getLoss().evaluate(list(labels), trainer.forward(list(data)));
                collector.backward(value);
                losses.add(value.getFloat());
            }
            trainer.step();
            finish();
        }
    }

    @Override
    public List<double[]> result() {
        return losses.result();
    }
}
