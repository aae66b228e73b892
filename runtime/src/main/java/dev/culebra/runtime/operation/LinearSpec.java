package dev.culebra.runtime.operation;

/**
 * What a linear layer computes: y = activation(x Wᵀ + b).
 *
 * @param rows the number of rows of x
 * @param inputSize the number of columns of x
 * @param outputSize the number of columns of y
 * @param activation the function applied to the result
 * @param inputGradient whether the gradient of x is wanted, a third of all arithmetic: above frozen embeddings nobody needs it
 */
public record LinearSpec(int rows, int inputSize, int outputSize, Activation activation, boolean inputGradient) {
    /** Checks that all sizes are positive. */
    public LinearSpec {
        Specs.requirePositive("rows", rows);
        Specs.requirePositive("inputSize", inputSize);
        Specs.requirePositive("outputSize", outputSize);
    }

    /** A layer whose backward pass computes all gradients. */
    public LinearSpec(int rows, int inputSize, int outputSize, Activation activation) {
        this(rows, inputSize, outputSize, activation, true);
    }

    /** The same without the gradient of x. */
    public LinearSpec withoutInputGradient() {
        return new LinearSpec(rows, inputSize, outputSize, activation, false);
    }

    /** Whether the backward pass needs z = x Wᵀ + b beside y: so for GELU. */
    public boolean needsPreActivation() {
        return activation == Activation.GELU || activation == Activation.GELU_TANH;
    }
}
