package dev.culebra.experiments.study;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.nn.Gelu;

/**
 * Which model a run trains. Sizes that are not asked for come from {@code initFrom}, the embeddings or the data where
 * they decide, and else from the study.
 *
 * @param kind the model
 * @param layers L, LSTM layers or transformer blocks
 * @param hiddenSize H, the width of the LSTM's layers
 * @param embeddingWidth E, the width of the embeddings and of all of MiniGPT1
 * @param heads m, MiniGPT1's attention heads
 * @param vocabularySize V
 * @param gelu the form of MiniGPT1's activation
 * @param dropout the probability with which activations are dropped in training
 * @param learnEmbeddings whether embeddings from a file are learned too; otherwise they stay frozen
 * @param embeddings a file of embeddings
 * @param initFrom a checkpoint with the exact starting weights
 */
@JsonNaming(PropertyNamingStrategies.KebabCaseStrategy.class)
public record ModelSettings(@JsonProperty("model") ModelKind kind, OptionalInt layers,
        OptionalInt hiddenSize,
        OptionalInt embeddingWidth, OptionalInt heads,
        OptionalInt vocabularySize, Optional<Gelu> gelu, double dropout,
        boolean learnEmbeddings, Optional<Path> embeddings,
        Optional<Path> initFrom) {
    /**
     * Checks every size by itself.
     *
     * @throws BadInputException naming the option that cannot be
     */
    public ModelSettings {
        Require.positive("--layers", layers);
        Require.positive("--hidden-size", hiddenSize);
        Require.positive("--embedding-width", embeddingWidth);
        Require.positive("--heads", heads);
        Require.positive("--vocabulary-size", vocabularySize);
        Require.probabilityBelowOne("--dropout", dropout);
        if (kind == ModelKind.GPT1 && hiddenSize.isPresent()) {
            if (embeddingWidth.isPresent() && embeddingWidth.getAsInt() != hiddenSize.getAsInt()) {
                throw new BadInputException("gpt1 has one width, so --hidden-size " + hiddenSize.getAsInt()
                        + " and --embedding-width " + embeddingWidth.getAsInt() + " cannot both be; give one of them");
            }
            embeddingWidth = hiddenSize;
        }
    }

    /** The same with so many layers. */
    public ModelSettings withLayers(OptionalInt count) {
        return new ModelSettings(kind, count, hiddenSize, embeddingWidth, heads, vocabularySize, gelu, dropout,
                learnEmbeddings, embeddings, initFrom);
    }
}
