package dev.culebra.nn.checkpoint;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.culebra.nn.Gelu;
import dev.culebra.nn.GptModelSpec;
import dev.culebra.nn.ModelSpec;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;

/**
 * GPT-1 as Hugging Face's {@code transformers} store it ({@code OpenAIGPTModel} and {@code OpenAIGPTLMHeadModel}).
 *
 * <p>Its linear layers ({@code Conv1D}) are (in, out), the transpose of ours, and those of q, k and v lie side by side
 * in one, (E, 3 E). What a file has beyond the weights is left alone: the causal masks, the numbers of the positions, and
 * the classifier where it is the table of the tokens once more.
 */
final class OpenAiGptLayout implements ModelLayout {
    private static final Pattern IN_BLOCK = Pattern.compile("layers\\.(\\d+)\\.(.+)\\.(weight|bias)");
    private static final Pattern BUFFER = Pattern.compile("h\\.\\d+\\.attn\\.bias|position_ids");
    private static final String CLASSIFIER = "lm_head.weight";
    private static final int PUBLISHED_WIDTH = 768;
    private static final int PUBLISHED_HEADS = 12;

    private final SafetensorsReader reader;
    private final ModelInference file;
    private final OpenAiGptNames names;

    OpenAiGptLayout(SafetensorsReader reader, OpenAiGptNames names) {
        this.reader = reader;
        this.file = new ModelInference(reader);
        this.names = names;
    }

    @Override
    public ModelSpec spec(OptionalInt heads) throws SafetensorsException {
        Shape table = file.matrix(names.tokens());
        Shape positions = file.matrix(names.positions());
        Shape mlp = file.matrix(names.block("0", "mlp.c_fc.weight"));
        OpenAiGptConfig config = OpenAiGptConfig.beside(reader.file());
        int knownHeads = file.requireHeads(heads.isPresent() ? heads : storedHeads(config, table.size(1)));
        return file.checked(() -> new GptModelSpec(table.size(0) + OpenAiGptNames.PADDING_ROWS, table.size(1),
                file.count(names.block("%d", "mlp.c_fc.weight")), knownHeads, positions.size(0), mlp.size(1),
                file.gelu(Gelu.TANH)));
    }

    private OptionalInt storedHeads(OpenAiGptConfig config, int width) throws SafetensorsException {
        OptionalInt inMetadata = file.heads();
        if (inMetadata.isPresent() || config.heads().isPresent()) {
            return inMetadata.isPresent() ? inMetadata : config.heads();
        }
        return width == PUBLISHED_WIDTH ? OptionalInt.of(PUBLISHED_HEADS) : OptionalInt.empty();
    }

    @Override
    public StoredWeight weight(String name, Tensor value) {
        Matcher inBlock = IN_BLOCK.matcher(name);
        if (inBlock.matches()) {
            return inBlock(name, inBlock.group(1), inBlock.group(2), "." + inBlock.group(3), value);
        }
        return switch (name) {
            case StudyLayout.GPT_TOKENS -> afterPadding(names.tokens(), value);
            case StudyLayout.GPT_POSITIONS -> same(names.positions(), value);
            // A tensor that GPT-1 has no name for is missing under its own.
            default -> same(name, value);
        };
    }

    private StoredWeight inBlock(String name, String block, String layer, String kind, Tensor value) {
        return switch (layer) {
            case "attention.q_proj" -> columns(names.block(block, "attn.c_attn" + kind), value, 0, 3);
            case "attention.k_proj" -> columns(names.block(block, "attn.c_attn" + kind), value, 1, 3);
            case "attention.v_proj" -> columns(names.block(block, "attn.c_attn" + kind), value, 2, 3);
            case "attention.out_proj" -> columns(names.block(block, "attn.c_proj" + kind), value, 0, 1);
            case "norm1" -> same(names.block(block, "ln_1" + kind), value);
            case "mlp.0" -> columns(names.block(block, "mlp.c_fc" + kind), value, 0, 1);
            case "mlp.2" -> columns(names.block(block, "mlp.c_proj" + kind), value, 0, 1);
            case "norm2" -> same(names.block(block, "ln_2" + kind), value);
            default -> same(name, value);
        };
    }

    private StoredWeight same(String stored, Tensor value) {
        return new StoredWeight(stored, value.shape(), () -> reader.read(stored, value));
    }

    private StoredWeight afterPadding(String stored, Tensor value) {
        int width = value.shape().size(1);
        int padding = OpenAiGptNames.PADDING_ROWS * width;
        Shape shape = Shape.of(value.shape().size(0) - OpenAiGptNames.PADDING_ROWS, width);
        return new StoredWeight(stored, shape, () -> {
            value.view(0, Shape.of(padding)).set(new float[padding]);
            reader.read(stored, value.view(padding, shape));
        });
    }

    /** Weights (out, in), or a bias (out), that are the {@code part}-th of {@code parts} side by side. */
    private StoredWeight columns(String stored, Tensor value, int part, int parts) {
        int out = value.shape().size(0);
        Shape shape = value.shape().rank() == 1 ? Shape.of(parts * out) : Shape.of(value.shape().size(1), parts * out);
        return new StoredWeight(stored, shape, () -> reader.readTransposed(stored, part * out, value));
    }

    @Override
    public List<String> weightNames() throws IOException {
        boolean tied = reader.sameValues(CLASSIFIER, names.tokens());
        return reader.entries().stream().map(TensorEntry::name)
                .filter(name -> !isBuffer(name) && !(tied && name.equals(CLASSIFIER))).toList();
    }

    private boolean isBuffer(String name) {
        return name.startsWith(names.prefix()) && BUFFER.matcher(name.substring(names.prefix().length())).matches();
    }
}
