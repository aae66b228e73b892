package dev.culebra.nn.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * What Hugging Face's {@code config.json} beside a GPT-1 says that its tensors do not ({@code OpenAIGPTConfig}).
 *
 * @param heads {@code n_head}, if it is there
 */
record OpenAiGptConfig(OptionalInt heads) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final double EPSILON = 1e-5;

    /**
     * Reads the file beside {@code weights}; without one, nothing is known.
     *
     * @throws SafetensorsException if it cannot be read, or tells of arithmetic that MiniGPT1 does not have
     */
    static OpenAiGptConfig beside(Path weights) throws SafetensorsException {
        Path file = weights.resolveSibling("config.json");
        if (!Files.isRegularFile(file)) {
            return new OpenAiGptConfig(OptionalInt.empty());
        }
        JsonNode root = read(file);
        // "gelu" is what OpenAIGPTModel calls the tanh form.
        String activation = root.path("afn").asText("gelu");
        double epsilon = root.path("layer_norm_epsilon").asDouble(EPSILON);
        if (!activation.equals("gelu") || epsilon != EPSILON) {
            throw new SafetensorsException(file,
                    "tells of an activation '" + activation + "' and a LayerNorm epsilon of "
                            + epsilon + ", but MiniGPT1 has gelu and " + EPSILON);
        }
        return new OpenAiGptConfig(heads(file, root.path("n_head")));
    }

    private static JsonNode read(Path file) throws SafetensorsException {
        try {
            return JSON.readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw new SafetensorsException(file, "is not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new SafetensorsException(file, "cannot be read: " + AtomicFile.reason(e));
        }
    }

    private static OptionalInt heads(Path file, JsonNode node) throws SafetensorsException {
        if (node.isMissingNode()) {
            return OptionalInt.empty();
        }
        if (!node.isInt()) {
            throw new SafetensorsException(file, "gives " + node + " attention heads");
        }
        return OptionalInt.of(node.intValue());
    }
}
