package dev.culebra.experiments.study;

import java.nio.file.Path;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.culebra.experiments.data.BreakMode;
import dev.culebra.experiments.failure.BadInputException;

/**
 * What a run reads, and in which portions.
 *
 * @param folder the data folder; without one, the built-in corpus
 * @param breakMode where sequences may begin and end
 * @param sequenceLength T, the most tokens a sequence has
 * @param batchSize B, the sequences of a step
 * @param shuffle whether each epoch has an order of its own
 */
@JsonNaming(PropertyNamingStrategies.KebabCaseStrategy.class)
public record DataSettings(@JsonProperty("data") Optional<Path> folder,
        BreakMode breakMode, int sequenceLength,
        int batchSize, boolean shuffle) {
    /** As many tokens as fit any array with room for a few numbers each. */
    private static final int LARGEST_BATCH = 1 << 24;

    /**
     * Checks the sizes, alone and together.
     *
     * @throws dev.culebra.experiments.failure.BadInputException naming the option that cannot be
     */
    public DataSettings {
        Require.atLeast("--sequence-length", sequenceLength, 1);
        Require.atLeast("--batch-size", batchSize, 1);
        if ((long) batchSize * sequenceLength > LARGEST_BATCH) {
            throw new BadInputException("--batch-size " + batchSize + " times --sequence-length " + sequenceLength
                    + " is more than a batch can hold; choose smaller ones");
        }
    }
}
