package dev.culebra.experiments.run;

import java.io.IOException;

import dev.culebra.experiments.data.Corpus;
import dev.culebra.experiments.data.Dataset;
import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.failure.InterruptedRunException;
import dev.culebra.experiments.failure.RunFailedException;
import dev.culebra.experiments.study.DataSettings;
import dev.culebra.nn.GptModelSpec;
import dev.culebra.nn.LanguageModel;
import dev.culebra.nn.ModelOptions;
import dev.culebra.nn.ModelSpec;
import dev.culebra.nn.checkpoint.Checkpoint;
import dev.culebra.runtime.Backend;

/** Measures how well a stored model predicts a split. */
public final class CheckpointEvaluation {
    private static final int SEQUENCE_LENGTH = 256;

    private CheckpointEvaluation() {}

    /**
     * Loads the model and evaluates it.
     *
     * @return the result, which {@code listener} has heard too
     * @throws BadInputException if the file, the data or the device cannot be used
     * @throws InterruptedRunException if it was asked to stop
     * @throws RunFailedException if the loss is no finite number
     */
    public static Measurement make(EvaluationRequest request, RunListener listener, Interruption interruption) {
        try (Checkpoint checkpoint = Checkpoint.open(request.checkpoint())) {
            ModelSpec spec = Architecture.withGelu(checkpoint.spec(request.heads()), request.gelu());
            int length = request.sequenceLength().orElse(defaultLength(spec));
            Architecture.requirePositions(spec, length, request.checkpoint());
            DataSettings settings = new DataSettings(request.data(), request.breakMode(), length, request.batchSize(),
                    false);
            Corpus corpus = RunData.corpus(settings);
            Dataset dataset = RunData.dataset(corpus, request.split(), settings);
            dataset.split().requireVocabulary(spec.vocabulary());
            listener.note("Data: " + corpus.description() + ", " + request.split() + " split of "
                    + Numbers.count(dataset.size()) + " sequences");
            ModelOptions options = new ModelOptions(request.batchSize(), length, 0, false, 0);
            ModelMemory.requireForEvaluation(spec, options);
            try (Backend backend = backend(request, checkpoint);
                    LanguageModel model = Architecture.build(backend, spec, options)) {
                listener.note("Device: " + backend.description() + ", " + backend.precision().label());
                checkpoint.loadWeights(model);
                Measurement result = new Evaluator(model, listener, interruption).evaluate(request.split(), dataset);
                if (!Double.isFinite(result.loss())) {
                    throw new RunFailedException("the loss is " + result.loss() + ": " + request.checkpoint()
                            + " holds weights with which nothing can be computed; use an earlier checkpoint");
                }
                listener.event(new Event.Evaluation(request.split(), result));
                return result;
            }
        } catch (IOException e) {
            throw Checkpoints.unreadable(request.checkpoint(), e);
        }
    }

    /** A backend that computes as the checkpoint's run did, where it can. */
    private static Backend backend(EvaluationRequest request, Checkpoint checkpoint) {
        Backend backend = Run.openBackend(request.device(), request.precision(), true);
        ChoiceMetadata.adopt(backend, checkpoint.metadata());
        return backend;
    }

    private static int defaultLength(ModelSpec spec) {
        return spec instanceof GptModelSpec gpt ? Math.min(SEQUENCE_LENGTH, gpt.positions()) : SEQUENCE_LENGTH;
    }
}
