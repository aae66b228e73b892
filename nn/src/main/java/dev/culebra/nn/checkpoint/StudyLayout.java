package dev.culebra.nn.checkpoint;

import java.util.List;
import java.util.OptionalInt;

import dev.culebra.nn.Gelu;
import dev.culebra.nn.GptModelSpec;
import dev.culebra.nn.LstmModelSpec;
import dev.culebra.nn.ModelSpec;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;

/** The names of EXPERIMENTS.md, and every tensor as the model has it. */
final class StudyLayout implements ModelLayout {
    static final String GPT_TOKENS = "embedding.tokens.weight";
    static final String GPT_POSITIONS = "embedding.position.weight";

    private static final String LSTM_TOKENS = "embedding.weight";

    private final SafetensorsReader reader;
    private final ModelInference file;

    StudyLayout(SafetensorsReader reader) {
        this.reader = reader;
        this.file = new ModelInference(reader);
    }

    @Override
    public ModelSpec spec(OptionalInt heads) throws SafetensorsException {
        if (reader.entry(LSTM_TOKENS).isPresent()) {
            return lstm();
        }
        if (reader.entry(GPT_TOKENS).isPresent()) {
            return gpt(heads);
        }
        throw file.failure("holds no language model: it has neither a tensor '" + LSTM_TOKENS + "' (lstm) nor '"
                + GPT_TOKENS + "' (gpt1) nor '" + OpenAiGptNames.TOKENS + "' (GPT-1 as Hugging Face has it)");
    }

    private ModelSpec lstm() throws SafetensorsException {
        Shape table = file.matrix(LSTM_TOKENS);
        Shape recurrent = file.matrix("lstm.weight_hh_l0");
        return new LstmModelSpec(table.size(0), table.size(1), file.count("lstm.weight_hh_l%d"), recurrent.size(1));
    }

    private ModelSpec gpt(OptionalInt heads) throws SafetensorsException {
        Shape table = file.matrix(GPT_TOKENS);
        Shape positions = file.matrix(GPT_POSITIONS);
        Shape mlp = file.matrix("layers.0.mlp.0.weight");
        int knownHeads = file.requireHeads(heads.isPresent() ? heads : file.heads());
        return file.checked(() -> new GptModelSpec(table.size(0), table.size(1), file.count("layers.%d.mlp.0.weight"),
                knownHeads, positions.size(0), mlp.size(0), file.gelu(Gelu.EXACT)));
    }

    @Override
    public StoredWeight weight(String name, Tensor value) {
        return new StoredWeight(name, value.shape(), () -> reader.read(name, value));
    }

    @Override
    public List<String> weightNames() {
        return reader.entries().stream().map(TensorEntry::name)
                .filter(name -> !name.startsWith(Checkpoint.OPTIMIZER_PREFIX))
                .toList();
    }
}
