package dev.culebra.experiments.run;

import java.nio.file.Path;
import java.util.Arrays;

import dev.culebra.experiments.data.NpyType;
import dev.culebra.experiments.data.NpzWriter;
import dev.culebra.nn.GptModelSpec;
import dev.culebra.nn.LanguageModel;
import dev.culebra.nn.ModelOptions;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Backends;
import dev.culebra.runtime.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** A file whose tables are larger than what is read at once. */
class EmbeddingsFileTest {
    private static final int ROWS = 12_000;
    private static final int POSITIONS = 6_000;
    private static final int WIDTH = 12;
    private static final int LENGTH = 8;

    @TempDir
    private Path folder;

    @Test
    void tablesReachTheModelAndRowsItDoesNotNeedAreLeft() {
        float[] tokens = numbers(ROWS * WIDTH);
        float[] positions = numbers(POSITIONS * WIDTH);
        Path file = folder.resolve("embeddings.npz");
        new NpzWriter().add("tokens", NpyType.FLOAT32, tokens, ROWS, WIDTH)
                .add("position", NpyType.FLOAT32, positions, POSITIONS, WIDTH).writeTo(file);
        try (Backend backend = Backends.open("reference", Precision.FP64);
                LanguageModel model = Architecture.build(backend, new GptModelSpec(ROWS, WIDTH, 1, 3, LENGTH),
                        new ModelOptions(1, LENGTH, 0, false, 42));
                Embeddings embeddings = new Embeddings(file, true)) {
            assertEquals(ROWS, embeddings.rows());
            embeddings.copyTo(model);
            assertArrayEquals(tokens, model.tokenEmbedding().toFloats());
            assertArrayEquals(Arrays.copyOf(positions, LENGTH * WIDTH),
                    model.positionEmbedding().orElseThrow().toFloats());
        }
    }

    private static float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = 1 + i;
        }
        return numbers;
    }
}
