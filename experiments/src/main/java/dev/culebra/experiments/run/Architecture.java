package dev.culebra.experiments.run;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.study.ModelKind;
import dev.culebra.experiments.study.ModelSettings;
import dev.culebra.nn.Decoder;
import dev.culebra.nn.Gelu;
import dev.culebra.nn.GptModelSpec;
import dev.culebra.nn.LanguageModel;
import dev.culebra.nn.LstmModelSpec;
import dev.culebra.nn.ModelOptions;
import dev.culebra.nn.ModelSpec;
import dev.culebra.runtime.Backend;

/** Turns what was asked for, and what files decide, into a model's architecture, and that into a model. */
final class Architecture {
    private static final int VOCABULARY = 40_479;
    private static final int WIDTH = 768;
    private static final int HIDDEN_SIZE = 512;
    private static final int HEADS = 12;
    /** The width of gpt1's MLP, in widths of its embedding. */
    private static final int MLP_WIDTHS = 4;

    private Architecture() {}

    /**
     * The architecture that was asked for, with the study's sizes for what was not.
     *
     * @param vocabularySize V, where embeddings or data decide it
     * @param sequenceLength T, the number of positions
     * @throws BadInputException if the sizes are impossible together
     */
    static ModelSpec of(ModelSettings settings, OptionalInt vocabularySize, int sequenceLength) {
        int vocabulary = settings.vocabularySize().orElse(vocabularySize.orElse(VOCABULARY));
        int width = settings.embeddingWidth().orElse(WIDTH);
        int layers = settings.layers().orElse(1);
        int heads = settings.heads().orElse(HEADS);
        return switch (settings.kind()) {
            case LSTM -> new LstmModelSpec(vocabulary, width, layers, settings.hiddenSize().orElse(HIDDEN_SIZE));
            case GPT1 -> {
                requireHeadsDivide(heads, width);
                if (width > Integer.MAX_VALUE / MLP_WIDTHS) {
                    throw new BadInputException("--embedding-width " + width + " is too large: gpt1's MLP is "
                            + MLP_WIDTHS + " times as wide; choose a smaller one");
                }
                yield new GptModelSpec(vocabulary, width, layers, heads, sequenceLength, MLP_WIDTHS * width,
                        settings.gelu().orElse(Gelu.EXACT));
            }
        };
    }

    private static void requireHeadsDivide(int heads, int width) {
        if (width % heads != 0) {
            throw new BadInputException("--heads " + heads + " do not divide the embedding width " + width
                    + "; choose --heads and --embedding-width so that they do");
        }
    }

    /**
     * A model of an architecture, with its initial weights.
     *
     * @throws BadInputException if it cannot be made
     */
    static LanguageModel build(Backend backend, ModelSpec spec, ModelOptions options) {
        return build(() -> LanguageModel.create(backend, spec, options));
    }

    /**
     * The same model for reading a text piece by piece, with weights of zero.
     *
     * @throws BadInputException if it cannot be made
     */
    static Decoder buildDecoder(Backend backend, ModelSpec spec) {
        return build(() -> Decoder.create(backend, spec));
    }

    private static <M> M build(Supplier<M> model) {
        try {
            return model.get();
        } catch (IllegalArgumentException e) {
            throw new BadInputException("a model of these sizes cannot be made (" + e.getMessage()
                    + "); choose smaller ones", e);
        }
    }

    /** A stored architecture with another form of GELU, if that is asked for. */
    static ModelSpec withGelu(ModelSpec stored, Optional<Gelu> gelu) {
        if (stored instanceof GptModelSpec gpt && gelu.isPresent()) {
            return new GptModelSpec(gpt.vocabulary(), gpt.width(), gpt.layers(), gpt.heads(), gpt.positions(),
                    gpt.mlpWidth(), gelu.get());
        }
        return stored;
    }

    /**
     * Checks that a stored architecture is what was asked for.
     *
     * @throws BadInputException naming the first size that differs
     */
    static void requireMatch(ModelSpec stored, ModelSettings settings, int sequenceLength, Path file) {
        if (!stored.label().equals(settings.kind().toString())) {
            throw new BadInputException(file + " holds a model of kind " + stored.label() + ", but this run trains "
                    + settings.kind() + "; name another file, or choose a run of that model");
        }
        requireSame(file, "--layers", stored.layers(), settings.layers());
        requireSame(file, "--embedding-width", stored.width(), settings.embeddingWidth());
        requireSame(file, "--vocabulary-size", stored.vocabulary(), settings.vocabularySize());
        if (stored instanceof LstmModelSpec lstm && settings.kind() == ModelKind.LSTM) {
            requireSame(file, "--hidden-size", lstm.hiddenSize(), settings.hiddenSize());
        }
        requirePositions(stored, sequenceLength, file);
    }

    private static void requireSame(Path file, String option, int stored, OptionalInt asked) {
        if (asked.isPresent() && asked.getAsInt() != stored) {
            throw new BadInputException(file + " holds a model with " + option + " " + stored + ", but " + option + " "
                    + asked.getAsInt() + " is asked for; give " + option + " " + stored + " or another file");
        }
    }

    /** Checks that a stored model can read sequences of that length. */
    static void requirePositions(ModelSpec stored, int sequenceLength, Path file) {
        if (stored instanceof GptModelSpec gpt && gpt.positions() < sequenceLength) {
            throw new BadInputException(file + " holds a model of " + gpt.positions()
                    + " positions, too few for sequences of " + sequenceLength + " tokens; use --sequence-length "
                    + gpt.positions());
        }
    }
}
