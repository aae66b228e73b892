package dev.culebra.experiments.data;

import java.util.OptionalInt;

import dev.culebra.experiments.failure.BadInputException;

/**
 * The token ids of one part of a corpus.
 *
 * @param source where they come from, for messages: a file, most often
 * @param tokens all ids, one after another; not copied
 * @param sizes how many of them each line has; not copied
 * @param vocabularySize how many words the ids are taken from, where the source says so
 */
public record Split(String source, int[] tokens, int[] sizes, OptionalInt vocabularySize) {
    /**
     * Checks that the lines make up the text.
     *
     * @throws BadInputException if they do not
     */
    public Split {
        long sum = 0;
        for (int size : sizes) {
            if (size < 0) {
                throw new BadInputException(source + ": array 'sizes' holds the negative line size " + size
                        + "; make the file again");
            }
            sum += size;
        }
        if (sum != tokens.length) {
            throw new BadInputException(source + ": the lines in 'sizes' hold " + sum + " tokens, but 'tokens' has "
                    + tokens.length + "; make the file again");
        }
    }

    /**
     * Reads the arrays {@code tokens}, {@code sizes} and, where it is there, {@code vocabulary_size}.
     *
     * @param source what messages call the archive
     * @throws BadInputException if an array is missing or cannot be used
     */
    static Split read(NpzReader reader, String source) {
        OptionalInt vocabularySize = OptionalInt.empty();
        if (reader.names().contains("vocabulary_size")) {
            IntArray scalar = reader.readInts("vocabulary_size");
            if (scalar.values().length != 1 || scalar.values()[0] < 1) {
                throw new BadInputException(source + ": array 'vocabulary_size' is not one positive number; save it "
                        + "with vocabulary_size=4096, for example");
            }
            vocabularySize = OptionalInt.of(scalar.values()[0]);
        }
        return new Split(source, flat(reader, "tokens", source), flat(reader, "sizes", source), vocabularySize);
    }

    private static int[] flat(NpzReader reader, String name, String source) {
        IntArray array = reader.readInts(name);
        if (array.shape().size() != 1) {
            throw new BadInputException(source + ": array '" + name + "' has the shape " + array.shape()
                    + " where one axis is needed; save array.reshape(-1) instead");
        }
        return array.values();
    }

    /**
     * Checks that every id has a row in a table of {@code vocabularySize} rows.
     *
     * @throws BadInputException naming the first id that has none, and where it is
     */
    public void requireVocabulary(int vocabularySize) {
        for (int i = 0; i < tokens.length; i++) {
            if (tokens[i] < 0 || tokens[i] >= vocabularySize) {
                throw new BadInputException(source + ": token id " + tokens[i] + " at index " + i
                        + " is outside the vocabulary of " + vocabularySize + " (ids 0 to " + (vocabularySize - 1)
                        + "); use the embeddings, checkpoint or --vocabulary-size that belongs to this data");
            }
        }
    }
}
