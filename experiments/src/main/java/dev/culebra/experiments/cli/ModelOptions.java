package dev.culebra.experiments.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

import dev.culebra.experiments.study.ModelKind;
import dev.culebra.experiments.study.ModelSettings;
import dev.culebra.nn.Gelu;
import picocli.CommandLine.Option;

/** The options that choose a model's sizes and where its weights come from. */
final class ModelOptions {
    @Option(names = "--layers", paramLabel = "N", description = "LSTM layers or transformer blocks.")
    private Integer layers;

    @Option(names = "--hidden-size", paramLabel = "N", description = "Width of the LSTM's layers (512 unless given). For gpt1, another name for --embedding-width.")
    private Integer hiddenSize;

    @Option(names = "--embedding-width", paramLabel = "N", description = "Width of the embeddings, and of all of gpt1 (768 unless given).")
    private Integer embeddingWidth;

    @Option(names = "--heads", paramLabel = "N", description = "gpt1's attention heads; they have to divide its width (12 unless given).")
    private Integer heads;

    @Option(names = "--vocabulary-size", paramLabel = "N", description = "Number of token ids; unless given, that of the embeddings, else of the data, else 40479.")
    private Integer vocabularySize;

    @Option(names = "--gelu", paramLabel = "FORM", completionCandidates = Candidates.Gelus.class, description = "exact, or tanh as in GPT-1's own weights (exact unless given, or said by --init-from).")
    private Gelu gelu;

    @Option(names = "--dropout", paramLabel = "P", description = "Probability of dropout on the embeddings, between LSTM layers, on attention and MLP outputs.")
    private double dropout;

    @Option(names = "--embeddings", paramLabel = "FILE", description = "Embeddings to use and keep frozen (.npz with 'tokens' and 'position'); unless given, "
            + "embeddings.npz of the data folder if it is there, else they are learned.")
    private Path embeddings;

    @Option(names = "--learn-embeddings", description = "Learn the embeddings too, instead of keeping them frozen.")
    private boolean learnEmbeddings;

    @Option(names = "--init-from", paramLabel = "FILE", description = "Exact starting weights: a .safetensors file with the model's tensor names, or GPT-1 as Hugging Face has it.")
    private Path initFrom;

    /**
     * The settings, with what {@code own} says of the model unless something else was given. What it has no use for is left
     * out: where several runs are made, it was given for others.
     */
    ModelSettings settings(ModelSettings own) {
        boolean gpt = own.kind() == ModelKind.GPT1;
        return new ModelSettings(own.kind(), layers == null ? own.layers() : OptionalInt.of(layers),
                optional(hiddenSize), optional(embeddingWidth), gpt ? optional(heads) : OptionalInt.empty(),
                optional(vocabularySize), Optional.ofNullable(gelu).filter(_ -> gpt), dropout, learnEmbeddings,
                Optional.ofNullable(embeddings).map(ModelOptions::absolute),
                Optional.ofNullable(initFrom).map(ModelOptions::absolute));
    }

    private static OptionalInt optional(Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    /** So that a run can be continued from another folder. */
    static Path absolute(Path path) {
        return path.toAbsolutePath();
    }
}
