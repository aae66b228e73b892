package dev.culebra.runtime.cudnn;

import java.util.Collections;
import java.util.List;

/**
 * How long the sequences of a batch are.
 *
 * @param lengths the number of time steps of each, at least 1
 * @param longest T, the number of time steps that there is room for
 */
public record RnnSequences(List<Integer> lengths, int longest) {
    /** Checks that there is a sequence, and room for each. */
    public RnnSequences {
        lengths = List.copyOf(lengths);
        if (lengths.isEmpty()) {
            throw new IllegalArgumentException("a batch has at least one sequence");
        }
        for (int length : lengths) {
            if (length < 1 || length > longest) {
                throw new IllegalArgumentException(
                        "a sequence has from 1 to " + longest + " time steps, but one has " + length);
            }
        }
    }

    /** A batch of sequences that all have the same length. */
    public static RnnSequences equal(int batch, int length) {
        return new RnnSequences(Collections.nCopies(batch, length), length);
    }

    /** B, the number of sequences. */
    public int batch() {
        return lengths.size();
    }

    /** The number of time steps of all sequences together. */
    public long total() {
        return lengths.stream().mapToLong(Integer::longValue).sum();
    }
}
