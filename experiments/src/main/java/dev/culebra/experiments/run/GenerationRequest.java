package dev.culebra.experiments.run;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

import dev.culebra.nn.Gelu;
import dev.culebra.runtime.Precision;

/**
 * A stored model and a text that it is to continue.
 *
 * @param checkpoint a safetensors file, written by this program or by PyTorch
 * @param heads the number of attention heads, if it is to be another than the file says
 * @param gelu the form of GELU, likewise
 * @param prompt what to continue
 * @param vocabulary a folder with GPT-1's vocabulary; without one, where the model's may be is found out
 * @param maxTokens how many tokens are generated
 * @param sampling how they are drawn
 * @param seed of the drawing
 * @param device where to compute
 * @param precision in which arithmetic
 */
public record GenerationRequest(Path checkpoint, OptionalInt heads, Optional<Gelu> gelu, Prompt prompt,
        Optional<Path> vocabulary, int maxTokens, Sampling sampling, long seed, String device,
        Precision precision) {
    /** What is to be continued. */
    public sealed interface Prompt {
        /** Text, which needs the model's vocabulary. */
        record Text(String text) implements Prompt {}

        /** Tokens. */
        record Ids(int... ids) implements Prompt {}
    }
}
