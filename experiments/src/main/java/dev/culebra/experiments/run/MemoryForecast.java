package dev.culebra.experiments.run;

import java.util.Locale;
import java.util.OptionalLong;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.nn.MemoryUse;

/**
 * Whether a run has the memory that it will need, known before its first step: then a step's activations, most of what a batch
 * takes, are planned and not yet taken.
 *
 * @param use what training needs
 * @param device where
 * @param available the bytes that were there before the model was made, where that is known
 * @param batch the sequences of a step
 * @param continued whether the run goes on, and its sizes are given therefore
 */
record MemoryForecast(MemoryUse use, String device, OptionalLong available, int batch, boolean continued) {
    private static final double GIBIBYTE = 1 << 30;

    /**
     * Refuses a run that cannot be.
     *
     * @throws BadInputException with what would fit, if the memory does not suffice
     */
    void requireEnough() {
        if (available.isPresent() && use.total() > available.getAsLong()) {
            long there = available.getAsLong();
            throw new BadInputException(String.format(Locale.ROOT,
                    "this run needs %.2f GiB of memory on %s, which has %.2f left: %.2f for parameters and what belongs to them, "
                            + "%.2f for activations and batches, %.2f for workspace. %s",
                    use.total() / GIBIBYTE, device, there / GIBIBYTE, ofParameters() / GIBIBYTE, ofBatch() / GIBIBYTE,
                    use.workspace() / GIBIBYTE, advice(sequencesThatFit(there))));
        }
    }

    private String advice(long fits) {
        if (continued) {
            return "End other programs, or go on where there is more";
        }
        return fits > 0
                ? "--batch-size " + fits + " would fit; or end other programs"
                : "Not even one sequence fits: choose shorter ones with --sequence-length, fewer --layers, or end other programs";
    }

    /** How many sequences fit, all else being equal. Workspace is taken as it is: some of it would shrink too. */
    private long sequencesThatFit(long there) {
        double rest = (double) there - ofParameters() - use.workspace();
        return Math.max(0, (long) (rest / ofBatch() * batch));
    }

    private long ofParameters() {
        return use.parameters() + use.gradients() + use.optimizerState();
    }

    private long ofBatch() {
        return use.activations() + use.batches();
    }
}
