package dev.culebra.runtime.operation;

/**
 * The sizes of an embedding of tokens and, if {@code positions} is not 0, of their positions.
 *
 * @param batch B, the number of sequences
 * @param sequenceLength T, the number of positions
 * @param vocabulary V, the number of rows of the token table
 * @param width E, the number of columns of both tables
 * @param positions the number of rows of the position table, at least T; 0 for none
 */
public record EmbeddingSpec(int batch, int sequenceLength, int vocabulary, int width, int positions) {
    /** Checks the sizes. */
    public EmbeddingSpec {
        Specs.requirePositive("batch", batch);
        Specs.requirePositive("sequenceLength", sequenceLength);
        Specs.requirePositive("vocabulary", vocabulary);
        Specs.requirePositive("width", width);
        if (positions != 0 && positions < sequenceLength) {
            throw new IllegalArgumentException(
                    "a sequence of " + sequenceLength + " tokens needs as many positions, but there are " + positions);
        }
    }
}
