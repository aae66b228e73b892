package dev.culebra.experiments.run;

import java.util.Locale;
import java.util.OptionalLong;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.nn.MemoryUse;

/**
 * Whether a run has the memory that it will need, known before its first step: everything is planned by then, and little of it
 * taken.
 *
 * @param use what the run needs
 * @param available the bytes that were there before its model was made, where they are known
 * @param batch the sequences of a step
 */
record MemoryForecast(MemoryUse use, OptionalLong available, int batch) {
    private static final double GIBIBYTE = 1 << 30;

    /**
     * Refuses a run that cannot be.
     *
     * @throws BadInputException with what would fit, if the memory does not suffice
     */
    void requireEnough() {
        if (available.isPresent() && use.total() > available.getAsLong()) {
            throw new BadInputException(String.format(Locale.ROOT,
                    "this run needs %.2f GiB of memory (parameters and what belongs to them %.2f, activations and batches %.2f, "
                            + "workspace %.2f), and %.2f are there: %s, or end other programs",
                    use.total() / GIBIBYTE, ofParameters() / GIBIBYTE, ofBatch() / GIBIBYTE, use.workspace() / GIBIBYTE,
                    available.getAsLong() / GIBIBYTE, advice()));
        }
    }

    private String advice() {
        long fits = sequencesThatFit();
        return fits > 0
                ? "--batch-size " + fits + " would fit"
                : "not even one sequence fits; choose shorter ones with --sequence-length, or fewer --layers";
    }

    /** How many sequences fit, all else being equal. Workspace is taken as it is: some of it would shrink too. */
    long sequencesThatFit() {
        double rest = available.orElse(Long.MAX_VALUE) - ofParameters() - (double) use.workspace();
        return Math.max(0, (long) (rest / ofBatch() * batch));
    }

    private long ofParameters() {
        return use.parameters() + use.gradients() + use.optimizerState();
    }

    private long ofBatch() {
        return use.activations() + use.batches();
    }
}
