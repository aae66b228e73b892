package dev.culebra.nn.checkpoint;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * What Hugging Face's {@code transformers} call the tensors of a GPT-1 ({@code OpenAIGPTModel}).
 *
 * <p>GPT-1's token ids are one less than the study's, in which 0 is padding: the study's table of tokens has
 * {@link #PADDING_ROWS} rows of zeros before those of GPT-1's.
 *
 * @param prefix what stands before each name: {@code transformer.} where the model was saved within its language-model
 *     head, else nothing
 */
public record OpenAiGptNames(String prefix) {
    /** How many rows of zeros the study's table of tokens has before GPT-1's first. */
    public static final int PADDING_ROWS = 1;

    static final String TOKENS = "tokens_embed.weight";

    /** The names in that file, if it is one of a GPT-1, or at least of its tables. */
    public static Optional<OpenAiGptNames> of(SafetensorsReader reader) {
        return Stream.of("", "transformer.").map(OpenAiGptNames::new)
                .filter(names -> reader.entry(names.tokens()).isPresent()).findFirst();
    }

    /** The table of the tokens, (V - 1, E). */
    public String tokens() {
        return prefix + TOKENS;
    }

    /** The table of the positions, (P, E). */
    public String positions() {
        return prefix + "positions_embed.weight";
    }

    /** The tensor {@code part}, such as {@code ln_1.bias}, of a block counted from 0. */
    String block(String number, String part) {
        return prefix + "h." + number + "." + part;
    }
}
