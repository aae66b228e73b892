package dev.culebra.nn.checkpoint;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

import dev.culebra.nn.Gelu;
import dev.culebra.nn.GptModelSpec;
import dev.culebra.nn.LstmModelSpec;
import dev.culebra.nn.ModelSpec;
import dev.culebra.runtime.Shape;

/** Reads a model's architecture from the names and shapes of its tensors. */
final class ModelInference {
    static final String HEADS = "heads";
    static final String GELU = "gelu";

    private static final String LSTM_TOKENS = "embedding.weight";
    private static final String GPT_TOKENS = "embedding.tokens.weight";
    private static final String GPT_POSITIONS = "embedding.position.weight";

    private final SafetensorsReader reader;

    ModelInference(SafetensorsReader reader) {
        this.reader = reader;
    }

    ModelSpec infer(OptionalInt heads) throws SafetensorsException {
        if (reader.entry(LSTM_TOKENS).isPresent()) {
            return lstm();
        }
        if (reader.entry(GPT_TOKENS).isPresent()) {
            return gpt(heads);
        }
        throw failure("holds no language model: it has neither a tensor '" + LSTM_TOKENS + "' (lstm) nor '" + GPT_TOKENS
                + "' (gpt1)");
    }

    private ModelSpec lstm() throws SafetensorsException {
        Shape table = matrix(LSTM_TOKENS);
        Shape recurrent = matrix("lstm.weight_hh_l0");
        return new LstmModelSpec(table.size(0), table.size(1), count("lstm.weight_hh_l%d"), recurrent.size(1));
    }

    private ModelSpec gpt(OptionalInt heads) throws SafetensorsException {
        Shape table = matrix(GPT_TOKENS);
        Shape positions = matrix(GPT_POSITIONS);
        Shape mlp = matrix("layers.0.mlp.0.weight");
        try {
            return new GptModelSpec(table.size(0), table.size(1), count("layers.%d.mlp.0.weight"),
                    heads.isPresent() ? heads.getAsInt() : storedHeads(), positions.size(0), mlp.size(0), storedGelu());
        } catch (IllegalArgumentException e) {
            throw failure(e.getMessage());
        }
    }

    private int storedHeads() throws SafetensorsException {
        Map<String, String> metadata = reader.metadata();
        if (!metadata.containsKey(HEADS)) {
            throw failure("does not say how many attention heads its model has; name them with --heads");
        }
        try {
            return Integer.parseInt(metadata.get(HEADS));
        } catch (NumberFormatException e) {
            throw failure("its metadata gives '" + metadata.get(HEADS) + "' attention heads");
        }
    }

    private Gelu storedGelu() {
        return Optional.ofNullable(reader.metadata().get(GELU)).map(Gelu::ofLabel).orElse(Gelu.EXACT);
    }

    /** How many tensors there are of that name, numbered from 0 on. */
    private int count(String pattern) {
        return IntStream.iterate(0, i -> i + 1).dropWhile(i -> reader.entry(pattern.formatted(i)).isPresent())
                .findFirst().getAsInt();
    }

    private Shape matrix(String name) throws SafetensorsException {
        Shape shape = reader.entry(name).map(TensorEntry::shape)
                .orElseThrow(() -> failure("holds no complete language model: it has no tensor '" + name + "'"));
        if (shape.rank() != 2 || shape.elements() == 0) {
            throw failure("tensor '" + name + "' should be a matrix, but is " + shape);
        }
        return shape;
    }

    private SafetensorsException failure(String problem) {
        return new SafetensorsException(reader.file(), problem);
    }
}
