package dev.culebra.experiments.data;

import java.util.Arrays;

import dev.culebra.experiments.failure.BadInputException;

/**
 * A split cut into sequences of at most T source tokens.
 *
 * <p>The {@linkplain BreakMode break mode} chooses the pieces of text that are cut. Of a piece, sequence i covers the
 * tokens [T i, T i + T], of which all but the last are its source and all but the first its target. Neighbouring
 * sequences share one token, so every token of a piece but the first is a target exactly once; a piece of a single
 * token gives no sequence. Immutable.
 */
public final class Dataset {
    private final Split split;
    private final int sequenceLength;
    private int[] starts = new int[1024];
    private int[] lengths = new int[1024];
    private int size;
    private long targets;

    /**
     * Cuts a split.
     *
     * @param split the text; its arrays are kept, not copied
     * @param breakMode where to cut
     * @param sequenceLength T, the most source tokens a sequence has
     * @throws BadInputException if not a single sequence comes of it
     */
    public Dataset(Split split, BreakMode breakMode, int sequenceLength) {
        this.split = split;
        this.sequenceLength = sequenceLength;
        switch (breakMode) {
            case NONE -> cut(0, split.tokens().length);
            case LINES -> cutLines();
            case COMPLETE -> cutGroupsOfLines();
        }
        if (size == 0) {
            throw new BadInputException(
                    split.source() + ": there is no sequence to be had from " + split.tokens().length
                            + " tokens with --break-mode " + breakMode + "; a sequence needs two tokens");
        }
        this.starts = Arrays.copyOf(starts, size);
        this.lengths = Arrays.copyOf(lengths, size);
    }

    private void cutLines() {
        int start = 0;
        for (int lineSize : split.sizes()) {
            cut(start, start + lineSize);
            start += lineSize;
        }
    }

    private void cutGroupsOfLines() {
        int start = 0;
        int end = 0;
        for (int lineSize : split.sizes()) {
            if (end + lineSize - start > sequenceLength + 1) {
                cut(start, end);
                start = end;
            }
            end += lineSize;
        }
        cut(start, end);
    }

    private void cut(int start, int end) {
        for (int first = start; first < end - 1; first += sequenceLength) {
            if (size == starts.length) {
                starts = Arrays.copyOf(starts, 2 * size);
                lengths = Arrays.copyOf(lengths, 2 * size);
            }
            starts[size] = first;
            lengths[size] = Math.min(sequenceLength, end - 1 - first);
            targets += lengths[size];
            size++;
        }
    }

    /** The text this was cut from. */
    public Split split() {
        return split;
    }

    /** T, the most source tokens a sequence has. */
    public int sequenceLength() {
        return sequenceLength;
    }

    /** The number of sequences. */
    public int size() {
        return size;
    }

    /** The number of tokens that are targets, over all sequences. */
    public long targets() {
        return targets;
    }

    /** How many source tokens, and as many targets, a sequence has: 1 to T. */
    public int length(int sequence) {
        return lengths[sequence];
    }

    /** Copies a sequence's source to {@code tokens} and its target to {@code targets}, both from {@code offset} on. */
    void copy(int sequence, int[] tokens, int[] targets, int offset) {
        System.arraycopy(split.tokens(), starts[sequence], tokens, offset, lengths[sequence]);
        System.arraycopy(split.tokens(), starts[sequence] + 1, targets, offset, lengths[sequence]);
    }
}
