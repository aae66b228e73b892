package dev.culebra.experiments.run;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import dev.culebra.experiments.data.NpzReader;
import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.nn.LanguageModel;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;

/** Embeddings in a file, which is open; a table goes to the model a piece at a time. */
final class Embeddings implements AutoCloseable {
    private static final String TOKENS = "tokens";
    private static final String POSITION = "position";

    private final NpzReader reader;
    private final List<Integer> tokens; // (V, E)
    private final Optional<List<Integer>> positions; // (P, E)

    /**
     * Opens a file.
     *
     * @param withPositions whether the model needs a table of positions
     * @throws BadInputException if it cannot be used
     */
    Embeddings(Path file, boolean withPositions) {
        reader = new NpzReader(file);
        try {
            tokens = shape(TOKENS);
            positions = withPositions ? Optional.of(shape(POSITION)) : Optional.empty();
        } catch (Throwable failure) {
            reader.close();
            throw failure;
        }
    }

    private List<Integer> shape(String name) {
        List<Integer> shape = reader.shape(name);
        if (shape.size() != 2 || shape.contains(0)) {
            throw new BadInputException(reader.file() + ": array '" + name + "' has the shape " + shape
                    + " where a table of rows is needed; make the file again");
        }
        return shape;
    }

    /** Where they come from. */
    Path file() {
        return reader.file();
    }

    /** V. */
    int rows() {
        return tokens.getFirst();
    }

    /** Checks that every table is E = {@code width} wide, and that there are T = {@code positionsNeeded} positions. */
    void require(int width, int positionsNeeded) {
        requireWidth(tokens, TOKENS, width);
        positions.ifPresent(table -> {
            requireWidth(table, POSITION, width);
            if (table.getFirst() < positionsNeeded) {
                throw new BadInputException(file() + ": array 'position' has " + table.getFirst()
                        + " rows, too few for sequences of " + positionsNeeded
                        + " tokens; use a smaller --sequence-length or other embeddings");
            }
        });
    }

    private void requireWidth(List<Integer> table, String name, int width) {
        if (table.getLast() != width) {
            throw new BadInputException(file() + ": array '" + name + "' has rows of " + table.getLast()
                    + " numbers, but the model's embedding width is " + width + "; use --embedding-width "
                    + table.getLast() + " or other embeddings");
        }
    }

    /**
     * Overwrites the model's tables.
     *
     * @throws BadInputException if the file is damaged
     */
    void copyTo(LanguageModel model) {
        copy(TOKENS, model.tokenEmbedding());
        model.positionEmbedding().ifPresent(table -> copy(POSITION, table));
    }

    /** The file may have more rows than the table, which are left. */
    private void copy(String name, Tensor table) {
        reader.readFloats(name, (offset, values) -> {
            int count = Math.clamp(table.elements() - offset, 0, values.length);
            if (count > 0) {
                table.view(offset, Shape.of(count))
                        .set(count == values.length ? values : Arrays.copyOf(values, count));
            }
        });
    }

    @Override
    public void close() {
        reader.close();
    }
}
