package dev.culebra.nn;

import java.util.Arrays;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.LinearCrossEntropy;
import dev.culebra.runtime.operation.LinearCrossEntropySpec;

/**
 * A language model that reads one text piece by piece and says what may come next: the log-probabilities that
 * {@link LanguageModel#logProbabilities} has at the last position, but a token costs one step and not a whole sequence. An
 * LSTM carries its states; a GPT keeps keys and values.
 *
 * <p>A GPT reads at most as many tokens as it has positions, P. When one more comes, its window slides: all but the newest
 * P / 2 tokens are forgotten, and those are read again from position 0. An LSTM has no such limit.
 *
 * <p>It owns its parameters, which start at zero and are to be read from a file, and all memory of its passes. Close it before
 * its backend. One thread at a time.
 */
public final class Decoder implements AutoCloseable {
    /** As many tokens are read at once where there are as many: weights are then read from memory once for all of them. */
    private static final int CHUNK = 32;

    private final Network network;
    private final ModelSpec spec;
    private final int room;
    private final LinearCrossEntropy classifier;
    private final Tensor logProbabilities; // (1, V)
    private final Step chunk;
    private final Step single;
    private final Step last;
    private int[] window = new int[CHUNK];
    private int length;

    private Decoder(Network network, ModelSpec spec) {
        this.network = network;
        this.spec = spec;
        this.room = spec instanceof GptModelSpec gpt ? gpt.positions() : Integer.MAX_VALUE;
        Layers layers = layers(network, spec);
        Continuation ofOne = layers.on(network, 1);
        network.parameters().allocate();
        int many = Math.min(CHUNK, room);
        Network ofMany = network.own(Network.sharing(network));
        this.classifier = network.own(network.backend().linearCrossEntropy(
                new LinearCrossEntropySpec(1, spec.width(), spec.vocabulary(), false)));
        this.logProbabilities = network.persistentParameter(Shape.of(1, spec.vocabulary()));
        this.chunk = new Step(ofMany, many, layers.on(ofMany, many), false);
        this.single = new Step(network, 1, ofOne, false);
        this.last = new Step(network, 1, ofOne, true);
    }

    /** Makes layers for so many tokens at a time, which keep what they have read where the others do. */
    private interface Layers {
        Continuation on(Network network, int count);
    }

    private static Layers layers(Network network, ModelSpec spec) {
        return switch (spec) {
            case LstmModelSpec lstm -> {
                LstmState state = LstmState.zero(network, LstmContinuation.lstmSpec(lstm, 1));
                yield (on, count) -> new LstmContinuation(on, lstm, count, state);
            }
            case GptModelSpec gpt -> {
                KeyValueCache cache = KeyValueCache.allocate(network, gpt);
                yield (on, count) -> new GptContinuation(on, gpt, count, cache);
            }
        };
    }

    /** How layers for {@code count} tokens of one sequence are built: without dropout, nothing learned. */
    static ModelOptions options(int count) {
        return new ModelOptions(1, count, 0, false, 0);
    }

    /**
     * Builds a model whose weights are all zero.
     *
     * @param backend must outlive it
     * @throws IllegalArgumentException if the sizes are impossible, such as a tensor of more elements than an {@code int} counts
     */
    public static Decoder create(Backend backend, ModelSpec spec) {
        try {
            return build(Network.forInference(backend), spec);
        } catch (ArithmeticException overflow) {
            throw new IllegalArgumentException(
                    spec + " needs a tensor of more than " + Integer.MAX_VALUE + " elements", overflow);
        }
    }

    private static Decoder build(Network network, ModelSpec spec) {
        try {
            return new Decoder(network, spec);
        } catch (RuntimeException | Error failure) {
            try (network) {
                throw failure;
            }
        }
    }

    /** A pass over so many tokens. */
    private final class Step {
        private final int count;
        private final Continuation layers;
        private final Tensor tokens; // (1, N)
        private final Network.Pass pass;

        Step(Network on, int count, Continuation layers, boolean predicts) {
            this.count = count;
            this.layers = layers;
            this.tokens = on.persistentTokens(Shape.of(1, count));
            this.pass = on.inference(() -> {
                Tensor hidden = layers.forward(tokens);
                if (predicts) {
                    classifier.logProbabilities(Shapes.matrix(hidden), layers.table(), logProbabilities);
                }
                on.free(hidden);
            });
        }

        /** Reads the tokens of the window from {@code position} on; returns the position behind them. */
        int read(int position) {
            layers.startAt(position);
            tokens.set(Arrays.copyOfRange(window, position, position + count));
            pass.run(0);
            return position + count;
        }
    }

    /** The architecture. */
    public ModelSpec spec() {
        return spec;
    }

    /** All parameters. */
    public ParameterStore parameters() {
        return network.parameters();
    }

    /** Forgets all that was read: the next token begins a text. */
    public void restart() {
        length = 0;
    }

    /**
     * Reads on.
     *
     * @param tokenIds what follows what was read before, at least one id, each in 0..V-1
     * @return (V): of each token, the logarithm of the probability that it comes next
     * @throws IllegalArgumentException if there is no id, or one lies outside the vocabulary; then nothing was read. After any
     *     other failure, of a device for one, {@link #restart} comes first
     */
    public double[] read(int... tokenIds) {
        if (tokenIds.length == 0) {
            throw new IllegalArgumentException("there is nothing to read: give at least one token");
        }
        BatchInput.requireIds("token", tokenIds, Shape.of(1, tokenIds.length), spec.vocabulary());
        int position = length;
        for (int id : tokenIds) {
            if (length == room) {
                length = room / 2;
                System.arraycopy(window, room - length, window, 0, length);
                position = 0;
            }
            if (length == window.length) {
                window = Arrays.copyOf(window, Math.min(room, 2 * length));
            }
            window[length++] = id;
        }
        while (length - position > chunk.count) {
            position = chunk.read(position);
        }
        while (length - position > 1) {
            position = single.read(position);
        }
        last.read(position);
        return logProbabilities.toDoubles();
    }

    /** Frees the parameters and everything else that it owns; a second call does nothing. */
    @Override
    public void close() {
        network.close();
    }
}
