package dev.culebra.experiments.run;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

import dev.culebra.experiments.data.FloatArray;
import dev.culebra.experiments.data.NpzReader;
import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.nn.LanguageModel;
import dev.culebra.runtime.Tensor;

/**
 * Embeddings from a file.
 *
 * @param file where they come from
 * @param tokens the table of the token ids, (V, E)
 * @param positions the table of the positions, where the model needs one, (P, E)
 */
record Embeddings(Path file, FloatArray tokens, Optional<FloatArray> positions) {
    /**
     * Reads a file.
     *
     * @throws BadInputException if it cannot be used
     */
    static Embeddings read(Path file, boolean withPositions) {
        try (NpzReader reader = new NpzReader(file)) {
            return new Embeddings(file, table(reader, "tokens"),
                    withPositions ? Optional.of(table(reader, "position")) : Optional.empty());
        }
    }

    private static FloatArray table(NpzReader reader, String name) {
        FloatArray array = reader.readFloats(name);
        if (array.shape().size() != 2 || array.values().length == 0) {
            throw new BadInputException(reader.file() + ": array '" + name + "' has the shape " + array.shape()
                    + " where a table of rows is needed; make the file again");
        }
        return array;
    }

    /** V. */
    int rows() {
        return tokens.shape().get(0);
    }

    /** Checks that every table is E = {@code width} wide, and that there are T = {@code positionsNeeded} positions. */
    void require(int width, int positionsNeeded) {
        requireWidth(tokens, "tokens", width);
        positions.ifPresent(table -> {
            requireWidth(table, "position", width);
            if (table.shape().get(0) < positionsNeeded) {
                throw new BadInputException(file + ": array 'position' has " + table.shape().get(0)
                        + " rows, too few for sequences of " + positionsNeeded
                        + " tokens; use a smaller --sequence-length or other embeddings");
            }
        });
    }

    private void requireWidth(FloatArray table, String name, int width) {
        if (table.shape().get(1) != width) {
            throw new BadInputException(file + ": array '" + name + "' has rows of " + table.shape().get(1)
                    + " numbers, but the model's embedding width is " + width + "; use --embedding-width "
                    + table.shape().get(1) + " or other embeddings");
        }
    }

    /** Overwrites the model's tables. */
    void copyTo(LanguageModel model) {
        model.tokenEmbedding().set(tokens.values());
        model.positionEmbedding().ifPresent(table -> set(table, positions.orElseThrow().values()));
    }

    private static void set(Tensor table, float[] values) {
        table.set(Arrays.copyOf(values, Math.toIntExact(table.elements())));
    }
}
