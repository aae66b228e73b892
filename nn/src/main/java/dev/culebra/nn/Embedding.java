package dev.culebra.nn;

import java.util.Optional;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.EmbeddingSpec;

/**
 * y[b, t] = tokens[x[b, t]] + positions[t], I32 (B, T) to activations (B, T, E); the positions are optional.
 *
 * <p>Tables start from N(0, 0.02), the row of the padding token 0 at zero. Where they are learned, {@link #backward}
 * <em>adds</em> the look-ups' gradient to the token table's, which the tied classifier has written before, and
 * <em>overwrites</em> the position table's. Row 0 gets none.
 */
public final class Embedding {
    private static final Initializer INITIAL = new Initializer.Normal(0.02);

    private final Network network;
    private final dev.culebra.runtime.operation.Embedding operation;
    private final Shape outputShape;
    private final Parameter tokens;
    private final Optional<Parameter> positions;
    private final Dropout dropout;
    private Tensor input;

    private Embedding(Network network, EmbeddingSpec spec, Parameter tokens, Optional<Parameter> positions,
            ModelOptions options) {
        this.network = network;
        this.operation = network.own(network.backend().embedding(spec));
        this.outputShape = Shape.of(spec.batch(), spec.sequenceLength(), spec.width());
        this.tokens = tokens;
        this.positions = positions;
        this.dropout = new Dropout(network, outputShape, options.dropout(), options.seed());
    }

    /** An embedding of tokens alone, with the parameter {@code name} (V, E). */
    public static Embedding ofTokens(Network network, String name, int vocabulary, int width, ModelOptions options) {
        EmbeddingSpec spec = new EmbeddingSpec(options.batch(), options.sequenceLength(), vocabulary, width, 0);
        Parameter table = table(network, name, vocabulary, width, true, options);
        return new Embedding(network, spec, table, Optional.empty(), options);
    }

    /**
     * An embedding of tokens and positions, with the parameters {@code {name}.tokens.weight} (V, E) and
     * {@code {name}.position.weight} (positions, E).
     */
    public static Embedding ofTokensAndPositions(Network network, String name, GptModelSpec model,
            ModelOptions options) {
        EmbeddingSpec spec = new EmbeddingSpec(options.batch(), options.sequenceLength(), model.vocabulary(),
                model.width(), model.positions());
        Parameter tokens = table(network, name + ".tokens.weight", model.vocabulary(), model.width(), true, options);
        Parameter positions = table(network, name + ".position.weight", model.positions(), model.width(), false,
                options);
        return new Embedding(network, spec, tokens, Optional.of(positions), options);
    }

    private static Parameter table(Network network, String name, int rows, int width, boolean padded,
            ModelOptions options) {
        Initializer initial = padded ? new Initializer.AfterZeros(width, INITIAL) : INITIAL;
        return network.parameters().declare(name, Shape.of(rows, width), initial, options.learnEmbeddings());
    }

    /** Looks up tokens (B, T), each in 0..V-1; the result belongs to the caller. */
    public Tensor forward(Tensor tokenIds) {
        input = tokenIds;
        Tensor y = network.activation(outputShape);
        operation.forward(tokenIds, tokens.value(), positions.orElse(tokens).value(), y);
        dropout.apply(y);
        return y;
    }

    /**
     * Computes the gradients of the tables; where they are frozen, nothing.
     *
     * @param gradient the gradient of the result; its contents are undefined afterwards
     */
    public void backward(Tensor gradient) {
        if (tokens.trainable()) {
            dropout.apply(gradient);
            operation.backward(input, gradient, tokens.gradient(), positions.orElse(tokens).gradient());
        }
    }

    /** The token table, which is the tied classifier's weight too. */
    public Parameter tokens() {
        return tokens;
    }

    /** The position table, if there is one. */
    public Optional<Parameter> positions() {
        return positions;
    }
}
