package dev.culebra.experiments.run;

import dev.culebra.experiments.data.Batch;
import dev.culebra.experiments.data.Batches;
import dev.culebra.experiments.data.Dataset;
import dev.culebra.experiments.data.SplitName;
import dev.culebra.experiments.failure.InterruptedRunException;
import dev.culebra.nn.BatchLoss;
import dev.culebra.nn.LanguageModel;

/** Measures how well a model predicts a split: every sequence once, in the order of the text, without dropout. */
final class Evaluator {
    private final LanguageModel model;
    private final RunListener listener;
    private final Interruption interruption;

    /** An evaluator of {@code model}, which tells {@code listener} how far it is. */
    Evaluator(LanguageModel model, RunListener listener, Interruption interruption) {
        this.model = model;
        this.listener = listener;
        this.interruption = interruption;
    }

    /**
     * Measures a split.
     *
     * @throws InterruptedRunException if it is told to stop meanwhile; nothing has changed then
     */
    Measurement evaluate(SplitName split, Dataset dataset) {
        Batches batches = Batches.inOrder(dataset, model.options().batch());
        Batch batch = batches.newBatch();
        double nllSum = 0;
        long tokens = 0;
        for (int i = 0; i < batches.perEpoch(); i++) {
            if (interruption.isRequested()) {
                throw new InterruptedRunException("interrupted while evaluating the " + split + " split");
            }
            listener.evaluating(split, i, batches.perEpoch());
            batches.fill(1, i, batch);
            BatchLoss result = model.evaluate(batch.tokens(), batch.targets(), batch.mask());
            nllSum += result.nllSum();
            tokens += result.tokens();
        }
        return Measurement.of(nllSum, tokens);
    }
}
