package dev.culebra.nn;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.stream.Stream;

import dev.culebra.nn.checkpoint.Checkpoint;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.culebra.nn.Closeness.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

/** A GPT-1 that Hugging Face's transformers saved gives the log-probabilities that transformers compute with it. */
class Gpt1GoldenTest {
    @TempDir
    private Path folder;

    private static Stream<BackendCase> backends() {
        return BackendCase.present();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void agreesWithTransformers(BackendCase backendCase) throws IOException {
        Path file = copy("model.safetensors");
        copy("config.json");
        try (Golden golden = Golden.open("/gpt1/", "golden"); Checkpoint checkpoint = Checkpoint.open(file)) {
            assertEquals(golden.metadata("model_sha256"), sha256(file));
            ModelSpec spec = checkpoint.spec(OptionalInt.empty());
            assertEquals(new GptModelSpec(98, 24, 2, 3, 16, 96, Gelu.TANH), spec);
            Shape batch = golden.shape("tokens");
            try (Backend backend = backendCase.open();
                    LanguageModel model = LanguageModel.create(backend, spec,
                            new ModelOptions(batch.size(0), batch.size(1), 0, false, 42))) {
                checkpoint.loadWeights(model);
                Tensor logProbabilities = model.logProbabilities(golden.ints("tokens"));
                assertEquals(golden.shape("log_probabilities"), logProbabilities.shape());
                assertClose("log_probabilities", golden.doubles("log_probabilities"), logProbabilities,
                        backendCase.modelTolerance());
            }
        }
    }

    private Path copy(String name) throws IOException {
        try (InputStream stream = Gpt1GoldenTest.class.getResourceAsStream("/gpt1/" + name)) {
            assertNotNull(stream, "no test resource /gpt1/" + name);
            Path copy = folder.resolve(name);
            Files.copy(stream, copy);
            return copy;
        }
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
