package dev.culebra.nn;

import java.util.Optional;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.LinearCrossEntropy;
import dev.culebra.runtime.operation.LinearCrossEntropySpec;

/**
 * A language model with a tied classifier, built for batches of one shape (B, T):
 * logits = body(embedding(tokens)) tableᵀ, with the token embedding's table.
 *
 * <p>It owns its parameters and all memory of its passes. The first pass of each kind plans that memory; later ones
 * allocate no native memory and none for activations. The model still makes a few small Java objects in each: views of
 * tensors, and arrays of B·T numbers for weights and losses. Close it before its backend. One thread at a time.
 */
public abstract sealed class LanguageModel implements AutoCloseable permits LstmLanguageModel, GptLanguageModel {
    private final Network network;
    private final ModelSpec spec;
    private final ModelOptions options;
    private final Embedding embedding;
    private final Layer body;
    private final LinearCrossEntropy classifier;
    private final Shape hiddenShape;
    private final Tensor tokens;
    private final Tensor targets;
    private final Tensor weights;
    private final Tensor nll;
    private final double[] hostWeights;
    private Optional<Network.Pass> trainingPass = Optional.empty();
    private Optional<Network.Pass> evaluationPass = Optional.empty();
    private Optional<Prediction> prediction = Optional.empty();

    /** The pass that fills all log-probabilities, and where they are. */
    private record Prediction(Network.Pass pass, Tensor logProbabilities) {}

    /**
     * Allocates and initialises what {@code embedding} and {@code body} have declared on {@code network}, which the
     * model owns from now on.
     *
     * @param body from (B, T, E) to (B, T, E)
     */
    LanguageModel(Network network, ModelSpec spec, ModelOptions options, Embedding embedding, Layer body) {
        int rows = Math.multiplyExact(options.batch(), options.sequenceLength());
        Shape batchShape = Shape.of(options.batch(), options.sequenceLength());
        this.network = network;
        this.spec = spec;
        this.options = options;
        this.embedding = embedding;
        this.body = body;
        this.hiddenShape = Shape.of(options.batch(), options.sequenceLength(), spec.width());
        this.classifier = network.own(network.backend().linearCrossEntropy(
                new LinearCrossEntropySpec(rows, spec.width(), spec.vocabulary(), options.learnEmbeddings())));
        this.tokens = network.persistentTokens(batchShape);
        this.targets = network.persistentTokens(Shape.of(rows));
        this.weights = network.persistentParameter(Shape.of(rows));
        this.nll = network.persistentParameter(Shape.of(rows));
        this.hostWeights = new double[rows];
        network.parameters().allocate();
        network.parameters().initialize(options.seed());
    }

    /**
     * Builds a model with its initial weights.
     *
     * @param backend must outlive the model
     * @throws IllegalArgumentException if the sizes are impossible, such as sequences longer than the position table or
     *     a tensor of more elements than an {@code int} counts
     */
    public static LanguageModel create(Backend backend, ModelSpec spec, ModelOptions options) {
        try {
            return build(new Network(backend), spec, options);
        } catch (ArithmeticException overflow) {
            throw new IllegalArgumentException("a batch of " + options.batch() + " sequences of "
                    + options.sequenceLength() + " tokens and " + spec + " need a tensor of more than "
                    + Integer.MAX_VALUE + " elements", overflow);
        }
    }

    private static LanguageModel build(Network network, ModelSpec spec, ModelOptions options) {
        try {
            return switch (spec) {
                case LstmModelSpec lstm -> new LstmLanguageModel(network, lstm, options);
                case GptModelSpec gpt -> new GptLanguageModel(network, gpt, options);
            };
        } catch (RuntimeException | Error failure) {
            try (network) {
                throw failure;
            }
        }
    }

    /** The architecture. */
    public final ModelSpec spec() {
        return spec;
    }

    /** How it was built. */
    public final ModelOptions options() {
        return options;
    }

    /** Where it computes. */
    public final Backend backend() {
        return network.backend();
    }

    /** All parameters, by name and as the buffers that an optimiser updates. */
    public final ParameterStore parameters() {
        return network.parameters();
    }

    /** The token embedding's table (V, E): to be filled from a file where it stays frozen. */
    public final Tensor tokenEmbedding() {
        return embedding.tokens().value();
    }

    /** The position embedding's table (positions, E), where the model has one. */
    public final Optional<Tensor> positionEmbedding() {
        return embedding.positions().map(Parameter::value);
    }

    /**
     * Computes the loss of a batch and overwrites all gradients with those of the loss. Weights do not change: that
     * is {@link ModelOptimizer#update}. {@link TrainingStep} does both at once, and waits for nothing.
     *
     * @param tokenIds (B, T), each in 0..V-1; 0 is padding
     * @param targetIds the tokens to predict, likewise
     * @param mask (B, T): 0 where a target does not count. A smaller batch masks whole sequences
     * @param step the number of the training step, from 0 on; dropout masks depend on it
     * @throws IllegalArgumentException if a length is not B·T or an id lies outside the vocabulary
     */
    public final BatchLoss trainStep(int[] tokenIds, int[] targetIds, float[] mask, long step) {
        int[] unmasked = load(tokenIds, targetIds, mask);
        if (trainingPass.isEmpty()) {
            trainingPass = Optional.of(network.training(this::forwardAndBackward));
        }
        trainingPass.get().run(step);
        return readLoss(unmasked);
    }

    /** Computes the loss of a batch without dropout and leaves the gradients alone; parameters as above. */
    public final BatchLoss evaluate(int[] tokenIds, int[] targetIds, float[] mask) {
        int[] unmasked = load(tokenIds, targetIds, mask);
        if (evaluationPass.isEmpty()) {
            evaluationPass = Optional.of(network.inference(this::forwardOnly));
        }
        evaluationPass.get().run(0);
        return readLoss(unmasked);
    }

    /**
     * Computes the logarithm of every token's probability at every position.
     *
     * @param tokenIds (B, T), each in 0..V-1
     * @return (B, T, V), in the parameters' type; the model owns it and overwrites it in the next call
     */
    public final Tensor logProbabilities(int[] tokenIds) {
        tokens.set(requireIds("token", tokenIds));
        if (prediction.isEmpty()) {
            Tensor all = network.persistentParameter(Shapes.withLastAxis(hiddenShape, spec.vocabulary()));
            prediction = Optional.of(new Prediction(network.inference(() -> predictInto(all)), all));
        }
        prediction.get().pass().run(0);
        return prediction.get().logProbabilities();
    }

    final Network network() {
        return network;
    }

    /** For tests: fills activations with NaN as soon as they are given back. */
    final void poisonFreed() {
        network.memory().poisonFreed();
    }

    /** The negative log-likelihoods of the last batch's targets, (B·T), 0 where the mask is. */
    final Tensor nll() {
        return nll;
    }

    /** What a training step does before the update: the loss of what is {@linkplain #load loaded}, and all gradients. */
    final void forwardAndBackward() {
        Tensor table = tokenEmbedding();
        Tensor embedded = embedding.forward(tokens);
        Tensor hidden = body.forward(embedded);
        Tensor hiddenGradient = network.activation(hiddenShape);
        classifier.forwardBackward(Shapes.matrix(hidden), table, targets, weights, nll, Shapes.matrix(hiddenGradient),
                options.learnEmbeddings() ? embedding.tokens().gradient() : table);
        Tensor embeddedGradient = body.backward(hiddenGradient);
        network.free(hiddenGradient);
        network.free(hidden);
        embedding.backward(embeddedGradient);
        network.free(embeddedGradient);
        network.free(embedded);
    }

    private void forwardOnly() {
        Tensor hidden = inferHidden();
        classifier.forward(Shapes.matrix(hidden), tokenEmbedding(), targets, weights, nll);
        network.free(hidden);
    }

    private void predictInto(Tensor logProbabilities) {
        Tensor hidden = inferHidden();
        classifier.logProbabilities(Shapes.matrix(hidden), tokenEmbedding(), Shapes.matrix(logProbabilities));
        network.free(hidden);
    }

    private Tensor inferHidden() {
        Tensor embedded = embedding.forward(tokens);
        Tensor hidden = body.forward(embedded);
        network.free(embedded);
        return hidden;
    }

    /**
     * Brings a batch to the device.
     *
     * @return (B): the unmasked tokens of each sequence
     */
    final int[] load(int[] tokenIds, int[] targetIds, float[] mask) {
        BatchInput.requireMask(mask, tokens.shape());
        int[] unmasked = CrossEntropy.unmasked(mask, options.sequenceLength());
        tokens.set(requireIds("token", tokenIds));
        targets.set(requireIds("target", targetIds));
        CrossEntropy.weigh(mask, unmasked, hostWeights);
        weights.set(hostWeights);
        return unmasked;
    }

    private int[] requireIds(String what, int[] ids) {
        return BatchInput.requireIds(what, ids, tokens.shape(), spec.vocabulary());
    }

    private BatchLoss readLoss(int[] unmasked) {
        double[] each = nll.toDoubles();
        double[] sums = new double[unmasked.length];
        for (int i = 0; i < each.length; i++) {
            sums[i / options.sequenceLength()] += each[i];
        }
        return BatchLoss.of(sums, 0, unmasked);
    }

    /** Frees the parameters and everything else the model owns; a second call does nothing. */
    @Override
    public final void close() {
        network.close();
    }
}
