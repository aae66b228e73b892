package dev.culebra.experiments.prepare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

import dev.culebra.experiments.data.NpyType;
import dev.culebra.experiments.data.NpzWriter;
import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.nn.checkpoint.OpenAiGptNames;
import dev.culebra.nn.checkpoint.SafetensorsException;
import dev.culebra.nn.checkpoint.SafetensorsReader;
import dev.culebra.nn.checkpoint.TensorEntry;
import dev.culebra.runtime.Shape;

/**
 * The tables of {@code embeddings.npz}, taken from a model in a safetensors file: the study's own, or GPT-1 as it was
 * published. GPT-1's ids are one less than the study's, in which 0 is padding: its table gets a row of zeros before its first.
 *
 * @param tokens (V, E)
 * @param positions (P, E)
 * @param width E
 */
public record EmbeddingTables(float[] tokens, float[] positions, int width) {
    private static final String OWN_TOKENS = "embedding.tokens.weight";
    private static final String OWN_POSITIONS = "embedding.position.weight";

    /**
     * Reads the tables.
     *
     * @throws BadInputException if the file has none
     */
    public static EmbeddingTables read(Path file) {
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            if (reader.entry(OWN_TOKENS).isPresent()) {
                return read(reader, OWN_TOKENS, OWN_POSITIONS, 0);
            }
            Optional<OpenAiGptNames> gpt1 = OpenAiGptNames.of(reader);
            if (gpt1.isPresent()) {
                return read(reader, gpt1.get().tokens(), gpt1.get().positions(), OpenAiGptNames.PADDING_ROWS);
            }
            throw new BadInputException(file + " has neither tokens_embed.weight, as GPT-1, nor " + OWN_TOKENS
                    + ", as gpt1 of this study; name another file with --import");
        } catch (IOException e) {
            throw new BadInputException((e instanceof SafetensorsException
                    ? e.getMessage()
                    : file + " cannot be read (" + e.getMessage() + ")") + "; name another file with --import", e);
        }
    }

    private static EmbeddingTables read(SafetensorsReader reader, String tokens, String positions, int zeroRows)
            throws IOException {
        int width = width(reader, tokens);
        if (width(reader, positions) != width) {
            throw new SafetensorsException(reader.file(), "'" + tokens + "' and '" + positions
                    + "' have rows of different lengths");
        }
        return new EmbeddingTables(floats(reader, tokens, zeroRows * width), floats(reader, positions, 0), width);
    }

    private static int width(SafetensorsReader reader, String name) throws SafetensorsException {
        Shape shape = reader.entry(name).map(TensorEntry::shape)
                .orElseThrow(() -> new SafetensorsException(reader.file(), "has no tensor '" + name + "'"));
        if (shape.rank() != 2) {
            throw new SafetensorsException(reader.file(), "'" + name + "' is " + shape + " and no table of rows");
        }
        return shape.size(1);
    }

    private static float[] floats(SafetensorsReader reader, String name, int zeros) throws IOException {
        double[] values = reader.readDoubles(name);
        float[] floats = new float[zeros + values.length];
        for (int i = 0; i < values.length; i++) {
            floats[zeros + i] = (float) values[i];
        }
        return floats;
    }

    /** Writes {@code tokens} and {@code position}, rounded to half precision. */
    public void writeTo(Path file) {
        new NpzWriter().add("tokens", NpyType.FLOAT16, tokens, tokens.length / width, width)
                .add("position", NpyType.FLOAT16, positions, positions.length / width, width).writeTo(file);
    }

    /** How many rows the tables have, for people. */
    public String description() {
        return tokens.length / width + " tokens and " + positions.length / width + " positions of width " + width;
    }

    /** Whether all numbers are finite in half precision. */
    public boolean isFinite() {
        return Stream.of(tokens, positions).allMatch(EmbeddingTables::isFinite);
    }

    private static boolean isFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(Float.float16ToFloat(Float.floatToFloat16(value)))) {
                return false;
            }
        }
        return true;
    }
}
