package dev.culebra.experiments.run;

import java.lang.management.ManagementFactory;
import java.util.Locale;

import com.sun.management.OperatingSystemMXBean;
import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.nn.GptModelSpec;
import dev.culebra.nn.LstmModelSpec;
import dev.culebra.nn.ModelOptions;
import dev.culebra.nn.ModelSpec;

/**
 * The least memory that a model takes, reckoned before any is asked for: systems hand out more memory than
 * they have, and grind to a halt once it is used.
 */
final class ModelMemory {
    private static final double BYTES = 4;

    private ModelMemory() {}

    /** The number of parameters, embeddings included. */
    static double parameters(ModelSpec spec) {
        double width = spec.width();
        double table = spec.vocabulary() * width;
        return switch (spec) {
            case LstmModelSpec lstm -> {
                double hidden = lstm.hiddenSize();
                double first = 4 * hidden * (width + hidden + 2);
                double others = (lstm.layers() - 1.0) * 4 * hidden * (2 * hidden + 2);
                yield table + first + others + (hidden + 1) * width;
            }
            case GptModelSpec gpt -> {
                double attention = 4 * (width * width + width);
                double mlp = 2 * width * gpt.mlpWidth() + gpt.mlpWidth() + width;
                yield table + gpt.positions() * width + gpt.layers() * (attention + mlp + 4 * width);
            }
        };
    }

    /** How many numbers each token leaves behind for the way back, at the least. */
    private static double keptActivationsOfToken(ModelSpec spec) {
        return switch (spec) {
            // Embedding, hidden states, and of each layer gates and output.
            case LstmModelSpec lstm -> 2.0 * lstm.width() + 5.0 * lstm.layers() * lstm.hiddenSize();
            // Embedding, and of each block Q, K, V, attention, two sums, and the MLP's inside.
            case GptModelSpec gpt -> gpt.width() + gpt.layers() * (6.0 * gpt.width() + gpt.mlpWidth());
        };
    }

    /** How many numbers of each token are there at once on the way forward, at the least. */
    private static double passingActivationsOfToken(ModelSpec spec) {
        return switch (spec) {
            // An LSTM's input and output; the MLP's input and inside.
            case LstmModelSpec lstm -> lstm.width() + lstm.hiddenSize();
            case GptModelSpec gpt -> gpt.width() + gpt.mlpWidth();
        };
    }

    /**
     * Checks that this machine can train a model.
     *
     * @param stateSlots how many numbers the optimiser keeps beside each parameter
     * @throws BadInputException if it needs more memory than there is
     */
    static void requireForTraining(ModelSpec spec, ModelOptions options, int stateSlots) {
        require(spec, options, options.learnEmbeddings() ? 2.0 + stateSlots : 1, keptActivationsOfToken(spec));
    }

    /**
     * Checks that this machine can evaluate a model.
     *
     * @throws BadInputException if it needs more memory than there is
     */
    static void requireForEvaluation(ModelSpec spec, ModelOptions options) {
        require(spec, options, 1, passingActivationsOfToken(spec));
    }

    /**
     * Checks that this machine can generate text with a model, a token at a time.
     *
     * @throws BadInputException if it needs more memory than there is
     */
    static void requireForGeneration(ModelSpec spec) {
        require(spec, new ModelOptions(1, 1, 0, false, 0), 1, passingActivationsOfToken(spec) + keptOfText(spec));
    }

    /** How many numbers are kept of a text that was read, beside an LSTM's few: a GPT's keys and values. */
    private static double keptOfText(ModelSpec spec) {
        return spec instanceof GptModelSpec gpt ? 2.0 * gpt.layers() * gpt.positions() * gpt.width() : 0;
    }

    private static void require(ModelSpec spec, ModelOptions options, double copies, double activationsOfToken) {
        double tokens = (double) options.batch() * options.sequenceLength();
        double needed = BYTES * (copies * parameters(spec) + tokens * activationsOfToken);
        double there = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
        if (needed > there) {
            throw new BadInputException(String.format(Locale.ROOT,
                    "a model of %,.0f parameters with batches of %,.0f tokens needs %,.0f GiB at the least, and this "
                            + "machine has %,.0f; choose smaller sizes",
                    parameters(spec), tokens, needed / (1 << 30), there / (1 << 30)));
        }
    }
}
