package dev.culebra.experiments.run;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.nn.BatchLoss;

/**
 * Where a run is, beside its weights and its optimiser's state: all that a resumed run needs to go on as if it had
 * never stopped.
 *
 * @param step the steps made
 * @param completedEpochs the epochs trained and evaluated
 * @param epochNllSum the negative log-likelihood of the tokens of the epoch that is going on
 * @param epochTokens how many those are
 * @param epochSeconds how long it has been trained
 * @param bestPerplexity the lowest validation perplexity so far; infinite before the first epoch's end
 * @param validatedStep the step after which the validation split was last evaluated within an epoch; 0 if it never was
 * @param lastLoss the loss of the last step; NaN before the first
 * @param learnEmbeddings whether the run learns its embeddings
 */
record TrainingState(long step, int completedEpochs, double epochNllSum, long epochTokens, double epochSeconds,
        double bestPerplexity, long validatedStep, double lastLoss, boolean learnEmbeddings) {
    private static final String STEP = "step";
    private static final String COMPLETED_EPOCHS = "completed_epochs";
    private static final String EPOCH_NLL_SUM = "epoch_nll_sum";
    private static final String EPOCH_TOKENS = "epoch_tokens";
    private static final String EPOCH_SECONDS = "epoch_seconds";
    private static final String BEST_PERPLEXITY = "best_validation_perplexity";
    private static final String VALIDATED_STEP = "validated_step";
    private static final String LAST_LOSS = "last_loss";
    private static final String LEARN_EMBEDDINGS = "learn_embeddings";

    /** Before the first step. */
    static TrainingState start(boolean learnEmbeddings) {
        return new TrainingState(0, 0, 0, 0, 0, Double.POSITIVE_INFINITY, 0, Double.NaN, learnEmbeddings);
    }

    /** After another step. */
    TrainingState afterStep(BatchLoss loss, double seconds) {
        return new TrainingState(step + 1, completedEpochs, epochNllSum + loss.nllSum(), epochTokens + loss.tokens(),
                epochSeconds + seconds, bestPerplexity, validatedStep, loss.loss(), learnEmbeddings);
    }

    /** After the evaluation of the epoch that was going on. */
    TrainingState afterEpoch(double validationPerplexity) {
        return new TrainingState(step, completedEpochs + 1, 0, 0, 0, Math.min(bestPerplexity, validationPerplexity),
                validatedStep, lastLoss, learnEmbeddings);
    }

    /** After an evaluation of the validation split within an epoch. */
    TrainingState afterValidation() {
        return new TrainingState(step, completedEpochs, epochNllSum, epochTokens, epochSeconds, bestPerplexity, step,
                lastLoss, learnEmbeddings);
    }

    /** Whether an event of the run happened before this. */
    boolean isAfter(Event event) {
        return switch (event) {
            case Event.Start _,Event.MemoryPlan _ -> step > 0;
            case Event.Step made -> made.step() <= step;
            case Event.Validation validation -> validation.step() <= validatedStep;
            case Event.Epoch completed -> completed.epoch() <= completedEpochs;
            case Event.Evaluation _,Event.Failure _,Event.End _ -> false;
        };
    }

    /** This as a checkpoint's strings. */
    Map<String, String> toMetadata() {
        Map<String, String> strings = new LinkedHashMap<>();
        strings.put(STEP, Long.toString(step));
        strings.put(COMPLETED_EPOCHS, Integer.toString(completedEpochs));
        strings.put(EPOCH_NLL_SUM, Double.toString(epochNllSum));
        strings.put(EPOCH_TOKENS, Long.toString(epochTokens));
        strings.put(EPOCH_SECONDS, Double.toString(epochSeconds));
        strings.put(BEST_PERPLEXITY, Double.toString(bestPerplexity));
        strings.put(VALIDATED_STEP, Long.toString(validatedStep));
        strings.put(LAST_LOSS, Double.toString(lastLoss));
        strings.put(LEARN_EMBEDDINGS, Boolean.toString(learnEmbeddings));
        return strings;
    }

    /**
     * The state that a checkpoint's strings tell.
     *
     * @param file the checkpoint, for the message
     * @throws BadInputException if they tell none
     */
    static TrainingState of(Map<String, String> metadata, Path file) {
        try {
            return new TrainingState(Long.parseLong(metadata.get(STEP)),
                    Integer.parseInt(metadata.get(COMPLETED_EPOCHS)),
                    Double.parseDouble(metadata.get(EPOCH_NLL_SUM)), Long.parseLong(metadata.get(EPOCH_TOKENS)),
                    Double.parseDouble(metadata.get(EPOCH_SECONDS)), Double.parseDouble(metadata.get(BEST_PERPLEXITY)),
                    // Checkpoints from before that was possible do not say.
                    Long.parseLong(metadata.getOrDefault(VALIDATED_STEP, "0")),
                    Double.parseDouble(metadata.get(LAST_LOSS)), Boolean.parseBoolean(metadata.get(LEARN_EMBEDDINGS)));
        } catch (NumberFormatException | NullPointerException e) {
            throw new BadInputException(file + " does not say where its run was, so no run can be continued from it; "
                    + "start a new one from its weights with --init-from", e);
        }
    }
}
