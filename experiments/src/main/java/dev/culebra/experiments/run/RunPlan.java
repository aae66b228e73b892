package dev.culebra.experiments.run;

import java.nio.file.Path;

import dev.culebra.experiments.failure.BadInputException;

/**
 * How long a run is, and what is kept of it.
 *
 * @param epochs how often the training split is read
 * @param stepsPerEpoch the batches of an epoch
 * @param totalSteps the steps of the whole run; an epoch may be cut short
 * @param logEvery which steps are recorded
 * @param checkpointEvery after how many steps the state is written besides at the end of each epoch; 0 for never
 * @param validateEvery after how many steps the validation split is evaluated besides; 0 for never
 */
record RunPlan(int epochs, int stepsPerEpoch, long totalSteps, long logEvery, long checkpointEvery,
        long validateEvery) {
    static RunPlan of(RunRequest request, RunData data) {
        int stepsPerEpoch = data.train().perEpoch();
        int epochs = request.configuration().run().epochs();
        long all = (long) epochs * stepsPerEpoch;
        return new RunPlan(epochs, stepsPerEpoch, Math.min(all, request.configuration().run().maxSteps().orElse(all)),
                request.logEvery(), request.checkpointEvery().orElse(0), request.validateEvery().orElse(0));
    }

    /**
     * Makes sure that a checkpoint is one of a run over this data.
     *
     * @param file the checkpoint, for the message
     * @throws BadInputException if it cannot be
     */
    void requireWithin(TrainingState state, Path file) {
        long ofEpoch = state.step() - (long) state.completedEpochs() * stepsPerEpoch;
        if (state.step() < 0 || state.completedEpochs() < 0 || ofEpoch < 0 || ofEpoch > stepsPerEpoch) {
            throw new BadInputException(file + " says that its run was at step " + state.step() + " after "
                    + state.completedEpochs() + " epochs, which cannot be with epochs of " + stepsPerEpoch
                    + " steps; restore it, or start a new run in another --run-dir");
        }
    }

    /** How many steps of the epoch that is going on were made. */
    int stepOfEpoch(TrainingState state) {
        return Math.toIntExact(state.step() - (long) state.completedEpochs() * stepsPerEpoch);
    }

    /** Whether all steps of the epoch that is going on were made, so that it is to be evaluated. */
    boolean isEpochTrained(TrainingState state) {
        return stepOfEpoch(state) == stepsPerEpoch;
    }

    /** Whether the state is to be written after so many steps. */
    boolean isCheckpointDue(long step) {
        return checkpointEvery > 0 && step % checkpointEvery == 0;
    }

    /** Whether the validation split is evaluated after so many steps, if no epoch ends with them. */
    boolean isValidationDue(long step) {
        return validateEvery > 0 && (step % validateEvery == 0 || step == totalSteps);
    }

    /** Whether the validation split is to be evaluated within the epoch that is going on, and has not been yet. */
    boolean isValidationDue(TrainingState state) {
        return stepOfEpoch(state) > 0 && !isEpochTrained(state) && state.validatedStep() < state.step()
                && isValidationDue(state.step());
    }

    /** Whether the test split is evaluated at the end of the run. */
    boolean endsWithTest(TrainingState end) {
        return stepOfEpoch(end) == 0 || validateEvery > 0;
    }
}
