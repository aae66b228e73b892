package dev.culebra.runtime.operation;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;

/**
 * The table of what every operation takes: one method per call, which checks shape and type of each argument.
 *
 * <p>Every backend begins every call of an operation with one line,
 * <pre>
 *   if (arguments.linearForward(spec, x, weight, bias, preActivation, y)) return;
 * </pre>
 * so that all backends refuse the same mistakes with the same words and all honour dry runs. Each method throws an
 * {@link IllegalArgumentException} that names operation and argument, what it should be and what it is; it returns
 * whether one of the tensors is {@linkplain Tensor#isPlanned() only planned}, and there is nothing to compute.
 */
public final class Arguments {
    private final DataType activation;
    private final DataType parameter;

    /** For a backend with these types of activations and of parameters. */
    public Arguments(DataType activation, DataType parameter) {
        this.activation = activation;
        this.parameter = parameter;
    }

    /** Those of {@link Linear#forward}. */
    public boolean linearForward(LinearSpec spec, Tensor x, Tensor weight, Tensor bias, Tensor preActivation,
            Tensor y) {
        return new Call("linear forward").is("x", x, activation, spec.rows(), spec.inputSize())
                .is("weight", weight, parameter, spec.outputSize(), spec.inputSize())
                .is("bias", bias, parameter, spec.outputSize())
                .is("preActivation", preActivation, activation, spec.rows(), spec.outputSize())
                .is("y", y, activation, spec.rows(), spec.outputSize()).planned;
    }

    /** Those of {@link Linear#backward}. */
    public boolean linearBackward(LinearSpec spec, Tensor x, Tensor weight, Tensor preActivation, Tensor y, Tensor dy,
            Tensor dx, Tensor dWeight, Tensor dBias) {
        return new Call("linear backward").is("x", x, activation, spec.rows(), spec.inputSize())
                .is("weight", weight, parameter, spec.outputSize(), spec.inputSize())
                .is("preActivation", preActivation, activation, spec.rows(), spec.outputSize())
                .is("y", y, activation, spec.rows(), spec.outputSize())
                .is("dy", dy, activation, spec.rows(), spec.outputSize())
                .is("dx", dx, activation, spec.rows(), spec.inputSize())
                .is("dWeight", dWeight, parameter, spec.outputSize(), spec.inputSize())
                .is("dBias", dBias, parameter, spec.outputSize()).planned;
    }

    /** Those of {@link LayerNorm#forward}. */
    public boolean layerNormForward(LayerNormSpec spec, Tensor x, Tensor residual, Tensor weight, Tensor bias,
            Tensor sum, Tensor statistics, Tensor y) {
        return new Call("layer norm forward").is("x", x, activation, spec.rows(), spec.features())
                .is("residual", residual, activation, spec.rows(), spec.features())
                .is("weight", weight, parameter, spec.features()).is("bias", bias, parameter, spec.features())
                .is("sum", sum, activation, spec.rows(), spec.features())
                .is("statistics", statistics, parameter, 2, spec.rows())
                .is("y", y, activation, spec.rows(), spec.features()).planned;
    }

    /** Those of {@link LayerNorm#backward}. */
    public boolean layerNormBackward(LayerNormSpec spec, Tensor sum, Tensor statistics, Tensor weight, Tensor dy,
            Tensor dSum, Tensor dWeight, Tensor dBias) {
        return new Call("layer norm backward").is("sum", sum, activation, spec.rows(), spec.features())
                .is("statistics", statistics, parameter, 2, spec.rows())
                .is("weight", weight, parameter, spec.features())
                .is("dy", dy, activation, spec.rows(), spec.features())
                .is("dSum", dSum, activation, spec.rows(), spec.features())
                .is("dWeight", dWeight, parameter, spec.features())
                .is("dBias", dBias, parameter, spec.features()).planned;
    }

    /** Those of {@link Attention#forward}. */
    public boolean attentionForward(AttentionSpec spec, Tensor queriesKeysValues, Tensor logSumExp, Tensor output) {
        return attention("attention forward", spec, queriesKeysValues, logSumExp, output).planned;
    }

    /** Those of {@link Attention#backward}. */
    public boolean attentionBackward(AttentionSpec spec, Tensor queriesKeysValues, Tensor logSumExp, Tensor output,
            Tensor dOutput, Tensor dQueriesKeysValues) {
        return attention("attention backward", spec, queriesKeysValues, logSumExp, output)
                .is("dOutput", dOutput, activation, spec.batch(), spec.sequenceLength(), spec.heads(), spec.headSize())
                .is("dQueriesKeysValues", dQueriesKeysValues, activation, spec.batch(), spec.sequenceLength(), 3,
                        spec.heads(), spec.headSize()).planned;
    }

    private Call attention(String call, AttentionSpec spec, Tensor queriesKeysValues, Tensor logSumExp,
            Tensor output) {
        return new Call(call)
                .is("queriesKeysValues", queriesKeysValues, activation, spec.batch(), spec.sequenceLength(), 3,
                        spec.heads(), spec.headSize())
                .is("logSumExp", logSumExp, parameter, spec.batch(), spec.heads(), spec.sequenceLength())
                .is("output", output, activation, spec.batch(), spec.sequenceLength(), spec.heads(), spec.headSize());
    }

    /** Those of {@link Attention#weights}. */
    public boolean attentionWeights(AttentionSpec spec, Tensor queriesKeysValues, Tensor weights) {
        return new Call("attention weights")
                .is("queriesKeysValues", queriesKeysValues, activation, spec.batch(), spec.sequenceLength(), 3,
                        spec.heads(), spec.headSize())
                .is("weights", weights, activation, spec.batch(), spec.heads(), spec.sequenceLength(),
                        spec.sequenceLength()).planned;
    }

    /** Those of {@link CachedAttention#forward}. */
    public boolean cachedAttention(CachedAttentionSpec spec, Tensor queriesKeysValues, Tensor position,
            Tensor keysValues, Tensor output) {
        return new Call("cached attention")
                .is("queriesKeysValues", queriesKeysValues, activation, spec.batch(), spec.newPositions(), 3,
                        spec.heads(), spec.headSize())
                .is("position", position, DataType.I32, 1)
                .is("keysValues", keysValues, activation, spec.batch(), spec.capacity(), 2, spec.heads(),
                        spec.headSize())
                .is("output", output, activation, spec.batch(), spec.newPositions(), spec.heads(),
                        spec.headSize()).planned;
    }

    /** Those of {@link Lstm#forward}. */
    public boolean lstmForward(Lstm lstm, Tensor x, Tensor initialHidden, Tensor initialCell, Tensor parameters,
            Tensor y, Tensor finalHidden, Tensor finalCell, Tensor reserve) {
        return finalStates(lstm("LSTM forward", lstm, x, initialHidden, initialCell, parameters, y)
                .is("reserve", reserve, activation, lstm.reserveShape()), lstm.spec(), finalHidden, finalCell).planned;
    }

    /** Those of {@link Lstm#infer}. */
    public boolean lstmInference(Lstm lstm, Tensor x, Tensor initialHidden, Tensor initialCell, Tensor parameters,
            Tensor y, Tensor finalHidden, Tensor finalCell, Tensor reserve) {
        return finalStates(lstm("LSTM forward", lstm, x, initialHidden, initialCell, parameters, y)
                .is("reserve", reserve, activation, lstm.inferenceReserveShape()), lstm.spec(), finalHidden,
                finalCell).planned;
    }

    private Call finalStates(Call call, LstmSpec spec, Tensor finalHidden, Tensor finalCell) {
        return call.is("finalHidden", finalHidden, activation, spec.layers(), spec.batch(), spec.hiddenSize())
                .is("finalCell", finalCell, parameter, spec.layers(), spec.batch(), spec.hiddenSize());
    }

    /** Those of {@link Lstm#backward}. */
    public boolean lstmBackward(Lstm lstm, Tensor x, Tensor initialHidden, Tensor initialCell, Tensor parameters,
            Tensor y, Tensor reserve, Tensor dy, Tensor dx, Tensor dParameters) {
        LstmSpec spec = lstm.spec();
        return lstm("LSTM backward", lstm, x, initialHidden, initialCell, parameters, y)
                .is("reserve", reserve, activation, lstm.reserveShape())
                .is("dy", dy, activation, spec.batch(), spec.sequenceLength(), spec.hiddenSize())
                .is("dx", dx, activation, spec.batch(), spec.sequenceLength(), spec.inputSize())
                .is("dParameters", dParameters, parameter, Math.toIntExact(lstm.parameterElements())).planned;
    }

    private Call lstm(String call, Lstm lstm, Tensor x, Tensor initialHidden, Tensor initialCell, Tensor parameters,
            Tensor y) {
        LstmSpec spec = lstm.spec();
        return new Call(call).is("x", x, activation, spec.batch(), spec.sequenceLength(), spec.inputSize())
                .is("initialHidden", initialHidden, activation, spec.layers(), spec.batch(), spec.hiddenSize())
                .is("initialCell", initialCell, parameter, spec.layers(), spec.batch(), spec.hiddenSize())
                .is("parameters", parameters, parameter, Math.toIntExact(lstm.parameterElements()))
                .is("y", y, activation, spec.batch(), spec.sequenceLength(), spec.hiddenSize());
    }

    /** Those of {@link Embedding#forward}. */
    public boolean embeddingForward(EmbeddingSpec spec, Tensor tokens, Tensor tokenTable, Tensor positionTable,
            Tensor y) {
        return new Call("embedding forward").is("tokens", tokens, DataType.I32, spec.batch(), spec.sequenceLength())
                .is("tokenTable", tokenTable, parameter, spec.vocabulary(), spec.width())
                .is("positionTable", positionTable, parameter, positionRows(spec), spec.width())
                .is("y", y, activation, spec.batch(), spec.sequenceLength(), spec.width()).planned;
    }

    /** Those of {@link Embedding#backward}. */
    public boolean embeddingBackward(EmbeddingSpec spec, Tensor tokens, Tensor dy, Tensor dTokenTable,
            Tensor dPositionTable) {
        return new Call("embedding backward").is("tokens", tokens, DataType.I32, spec.batch(), spec.sequenceLength())
                .is("dy", dy, activation, spec.batch(), spec.sequenceLength(), spec.width())
                .is("dTokenTable", dTokenTable, parameter, spec.vocabulary(), spec.width())
                .is("dPositionTable", dPositionTable, parameter, positionRows(spec), spec.width()).planned;
    }

    /** Without positions the token table stands in for the other. */
    private static int positionRows(EmbeddingSpec spec) {
        return spec.positions() == 0 ? spec.vocabulary() : spec.positions();
    }

    /** Those of {@link LinearCrossEntropy#forward}. */
    public boolean lossForward(LinearCrossEntropySpec spec, Tensor hidden, Tensor table, Tensor targets,
            Tensor weights, Tensor nll) {
        return loss("linear cross-entropy forward", spec, hidden, table, targets, weights, nll).planned;
    }

    /** Those of {@link LinearCrossEntropy#forwardBackward}. */
    public boolean lossForwardBackward(LinearCrossEntropySpec spec, Tensor hidden, Tensor table, Tensor targets,
            Tensor weights, Tensor nll, Tensor dHidden, Tensor dTable) {
        return loss("linear cross-entropy forward and backward", spec, hidden, table, targets, weights, nll)
                .is("dHidden", dHidden, activation, spec.rows(), spec.width())
                .is("dTable", dTable, parameter, spec.vocabulary(), spec.width()).planned;
    }

    private Call loss(String call, LinearCrossEntropySpec spec, Tensor hidden, Tensor table, Tensor targets,
            Tensor weights, Tensor nll) {
        return new Call(call).is("hidden", hidden, activation, spec.rows(), spec.width())
                .is("table", table, parameter, spec.vocabulary(), spec.width())
                .is("targets", targets, DataType.I32, spec.rows()).is("weights", weights, parameter, spec.rows())
                .is("nll", nll, parameter, spec.rows());
    }

    /** Those of {@link LinearCrossEntropy#logProbabilities}. */
    public boolean logProbabilities(LinearCrossEntropySpec spec, Tensor hidden, Tensor table,
            Tensor logProbabilities) {
        return new Call("log-probabilities").is("hidden", hidden, activation, spec.rows(), spec.width())
                .is("table", table, parameter, spec.vocabulary(), spec.width())
                .is("logProbabilities", logProbabilities, parameter, spec.rows(), spec.vocabulary()).planned;
    }

    /** Those of {@link Dropout#apply}: x may have any shape of so many elements. */
    public boolean dropout(DropoutSpec spec, Tensor x) {
        return new Call("dropout").has("x", x, activation, spec.elements()).planned;
    }

    /** Those of {@link Optimizer#update}. */
    public boolean optimizer(OptimizerSpec spec, long elements, Tensor parameters, Tensor gradients, Tensor state,
            Tensor gradientScale) {
        int count = Math.toIntExact(elements);
        return new Call("optimiser update").is("parameters", parameters, parameter, count)
                .is("gradients", gradients, parameter, count)
                .is("state", state, parameter, spec.stateSlots(), count)
                .is("gradientScale", gradientScale, parameter, 1).planned;
    }

    /** Those of {@link GradientNorm#norm}: gradients of any shape. */
    public boolean gradientNorm(Tensor gradients) {
        return new Call("gradient norm").is("gradients", gradients, parameter, gradients.shape()).planned;
    }

    /** Those of {@link GradientNorm#clip}. */
    public boolean clip(Tensor gradients, Tensor scale) {
        return new Call("gradient clipping").is("gradients", gradients, parameter, gradients.shape())
                .is("scale", scale, parameter, 1).planned;
    }

    /** Those of {@link LossHistory#record}. */
    public boolean lossHistory(LossHistorySpec spec, Tensor nll) {
        return new Call("loss history").is("nll", nll, parameter, spec.rows()).planned;
    }

    /** Those of {@link Elementwise#add}: any shape, but the same. */
    public boolean add(Tensor target, Tensor source) {
        return new Call("add").is("target", target, activation, target.shape())
                .is("source", source, activation, target.shape()).planned;
    }

    /** Those of {@link Elementwise#swapMiddleAxes}. */
    public boolean swapMiddleAxes(Tensor source, Tensor target) {
        if (source.shape().rank() != 4) {
            throw new IllegalArgumentException("swap of the middle axes: source must have four axes, but is " + source);
        }
        int[] sizes = source.shape().toArray();
        return new Call("swap of the middle axes").is("source", source, activation, sizes)
                .is("target", target, activation, sizes[0], sizes[2], sizes[1], sizes[3]).planned;
    }

    /** Those of {@link Elementwise#convert}: floating-point numbers, as many here as there. */
    public boolean convert(Tensor source, Tensor target) {
        if (source.type() == DataType.I32 || target.type() == DataType.I32) {
            throw new IllegalArgumentException("conversion from " + source + " to " + target + ": not to or from I32");
        }
        return new Call("conversion").has("source", source, source.type(), source.elements())
                .has("target", target, target.type(), source.elements()).planned;
    }

    /** The arguments of one call, one after another. */
    private static final class Call {
        private final String operation;
        private boolean planned;

        Call(String operation) {
            this.operation = operation;
        }

        Call is(String name, Tensor tensor, DataType type, int... sizes) {
            return is(name, tensor, type, Shape.of(sizes));
        }

        Call is(String name, Tensor tensor, DataType type, Shape shape) {
            if (tensor.type() != type || !tensor.shape().equals(shape)) {
                throw new IllegalArgumentException(
                        operation + ": " + name + " must be " + type + shape + ", but is " + tensor);
            }
            planned |= tensor.isPlanned();
            return this;
        }

        Call has(String name, Tensor tensor, DataType type, long elements) {
            if (tensor.type() != type || tensor.elements() != elements) {
                throw new IllegalArgumentException(operation + ": " + name + " must have " + elements + " elements of "
                        + type + ", but is " + tensor);
            }
            planned |= tensor.isPlanned();
            return this;
        }
    }
}
