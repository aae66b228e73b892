package dev.culebra.experiments.run;

import java.util.List;
import java.util.Optional;

import dev.culebra.experiments.data.Batch;
import dev.culebra.experiments.data.SplitName;
import dev.culebra.experiments.failure.DivergedException;
import dev.culebra.experiments.failure.InterruptedRunException;
import dev.culebra.nn.BatchLoss;
import dev.culebra.nn.MemoryUse;
import dev.culebra.nn.TrainingStep;

/**
 * The training loop: steps, and at the end of each epoch an evaluation and a checkpoint. What a step does depends on
 * nothing but the state before it, so a run may stop after any step and go on from its checkpoint.
 *
 * <p>Steps are made in groups: only after the last of them are the losses asked for, since a device that is asked must have
 * done all it was given. A group takes the time in which a person wants to see progress, and ends where something depends on
 * the losses. All steps of a group are told to have taken its mean, so each of a process's first steps, which compile, choose
 * and record, is a group of its own.
 */
final class Trainer {
    private static final long GROUP_NANOSECONDS = 200_000_000;
    /** A device plans and tries in the first, records in the second, and has launched the record once after the third. */
    private static final int STEPS_ALONE = 3;

    private final Learner learner;
    private final TrainingStep step;
    private final RunData data;
    private final RunPlan plan;
    private final Checkpoints checkpoints;
    private final RunListener listener;
    private final Interruption interruption;
    private final Evaluator evaluator;
    private final Batch batch;
    private final Speedometer speedometer = new Speedometer();
    private TrainingState state;
    private boolean toldMemory;
    private long stepsMade;

    /** The loop of a learner's steps; closes neither. */
    Trainer(Learner learner, TrainingStep step, RunData data, RunPlan plan, Checkpoints checkpoints,
            RunListener listener,
            Interruption interruption) {
        this.learner = learner;
        this.step = step;
        this.data = data;
        this.plan = plan;
        this.checkpoints = checkpoints;
        this.listener = listener;
        this.interruption = interruption;
        this.evaluator = new Evaluator(learner.model(), listener, interruption);
        this.batch = data.train().newBatch();
        this.state = learner.state();
    }

    /**
     * Trains to the run's last step and evaluates every epoch that is completed on the way.
     *
     * @return where the run is then
     * @throws InterruptedRunException if it is told to stop; the state is saved
     * @throws DivergedException if the loss or, at the end, the weights are no finite numbers any more
     */
    TrainingState train() {
        try (DeviceMemorySampler sampler = new DeviceMemorySampler(learner.model().backend())) {
            while (state.step() < plan.totalSteps() || plan.isEpochTrained(state) || plan.isValidationDue(state)) {
                if (plan.isEpochTrained(state)) {
                    completeEpoch(sampler.endPeriod());
                    sampler.beginPeriod();
                } else if (plan.isValidationDue(state)) {
                    validate();
                } else {
                    stopIfAsked();
                    makeSteps();
                }
            }
        } catch (InterruptedRunException e) {
            saveLast();
            throw new InterruptedRunException("interrupted after step " + state.step() + " of " + plan.totalSteps()
                    + "; its state is saved");
        }
        if (plan.stepOfEpoch(state) > 0) {
            saveLast();
        }
        return state;
    }

    /** The number of steps made. */
    long step() {
        return state.step();
    }

    private void stopIfAsked() {
        if (interruption.isRequested()) {
            throw new InterruptedRunException("interrupted");
        }
    }

    private void makeSteps() {
        int epoch = state.completedEpochs() + 1;
        long start = System.nanoTime();
        int made = 0;
        do {
            data.train().fill(epoch, plan.stepOfEpoch(state) + made, batch);
            step.run(batch.tokens(), batch.targets(), batch.mask());
            made++;
        } while (isGroupGoingOn(made, start));
        stepsMade += made;
        List<BatchLoss> losses = step.losses();
        tellMemory();
        double secondsPerStep = (System.nanoTime() - start) / 1e9 / made;
        for (BatchLoss loss : losses) {
            requireFinite(loss);
            state = state.afterStep(loss, secondsPerStep);
            speedometer.add(secondsPerStep, loss.tokens());
            report(epoch, loss);
        }
        if (plan.isCheckpointDue(state.step()) && !plan.isEpochTrained(state)) {
            saveLast();
        }
    }

    private void tellMemory() {
        if (!toldMemory) {
            listener.event(Event.MemoryPlan.of(MemoryUse.of(learner.model(), learner.optimizer())));
            toldMemory = true;
        }
    }

    private boolean isGroupGoingOn(int made, long start) {
        long step = state.step() + made;
        return stepsMade >= STEPS_ALONE && System.nanoTime() - start < GROUP_NANOSECONDS && step < plan.totalSteps()
                && plan.stepOfEpoch(state) + made < plan.stepsPerEpoch() && !plan.isCheckpointDue(step)
                && !plan.isValidationDue(step) && !interruption.isRequested();
    }

    private void requireFinite(BatchLoss loss) {
        if (!Double.isFinite(loss.loss())) {
            throw diverged("the loss is " + loss.loss() + " at step " + (state.step() + 1));
        }
    }

    /**
     * Keeps the state to go on from, if one can go on from it: the loss of a step tells nothing of its update, and nothing good
     * is to be overwritten by weights that are no numbers.
     */
    private void saveLast() {
        if (!learner.optimizer().leavesFiniteWeights()) {
            throw diverged("weights are no finite numbers after step " + state.step());
        }
        checkpoints.saveLast(state);
    }

    private DivergedException diverged(String what) {
        return new DivergedException(what + " (epoch " + (state.completedEpochs() + 1) + ")"
                + (Double.isNaN(state.lastLoss())
                        ? ", with no step before it"
                        : "; the last good loss was " + Numbers.loss(state.lastLoss()) + " at step " + state.step())
                + ". Try a lower --lr, --warmup-steps 100, --clip-norm 1, or --precision fp32");
    }

    private void report(int epoch, BatchLoss loss) {
        if (state.step() % plan.logEvery() == 0 || state.step() == plan.totalSteps()) {
            listener.event(speedometer.record(state.step(), epoch, loss.loss()));
        }
        listener.progress(new Progress(state.step(), plan.totalSteps(), epoch, plan.epochs(), plan.stepOfEpoch(state),
                plan.stepsPerEpoch(), loss.nllSum() / loss.tokens(), speedometer.tokensPerSecond(),
                speedometer.secondsPerStep() * (plan.totalSteps() - state.step()), state.bestPerplexity()));
    }

    private void validate() {
        Measurement validation = evaluateValidation();
        state = state.afterValidation();
        listener.event(new Event.Validation(state.completedEpochs() + 1, state.step(), trained(), validation,
                state.epochSeconds()));
    }

    private Measurement evaluateValidation() {
        Measurement validation = evaluator.evaluate(SplitName.VALIDATION, data.validation());
        if (!Double.isFinite(validation.loss())) {
            // The last update did it, after that step's loss: no later step need come to tell.
            throw diverged("the validation loss is " + validation.loss() + " after step " + state.step());
        }
        return validation;
    }

    /** The batches of the epoch that is going on. */
    private Measurement trained() {
        return Measurement.of(state.epochNllSum(), state.epochTokens());
    }

    private void completeEpoch(Optional<Event.DeviceMemory> deviceMemory) {
        Measurement validation = evaluateValidation();
        int epoch = state.completedEpochs() + 1;
        Event event = new Event.Epoch(epoch, state.step(), trained(), validation, state.epochSeconds(),
                Memory.peakBytes(), deviceMemory);
        // The first epoch is the best so far even where its perplexity is too large for a double.
        if (epoch == 1 || validation.perplexity() < state.bestPerplexity()) {
            checkpoints.saveBest(epoch, validation);
        }
        state = state.afterEpoch(validation.perplexity());
        listener.event(event);
        saveLast();
    }
}
