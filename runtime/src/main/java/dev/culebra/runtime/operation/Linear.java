package dev.culebra.runtime.operation;

import dev.culebra.runtime.Tensor;

/** y = activation(x Wᵀ + b), with W of shape (outputSize, inputSize) as in PyTorch. */
public interface Linear extends Operation {
    /** What this operation computes. */
    LinearSpec spec();

    /**
     * Computes y.
     *
     * @param x activations (rows, inputSize)
     * @param weight parameters (outputSize, inputSize)
     * @param bias parameters (outputSize)
     * @param preActivation overwritten with z = x Wᵀ + b, activations (rows, outputSize), where the spec
     *     {@linkplain LinearSpec#needsPreActivation() needs} it; otherwise {@code y} is to be passed
     * @param y overwritten, activations (rows, outputSize)
     */
    void forward(Tensor x, Tensor weight, Tensor bias, Tensor preActivation, Tensor y);

    /**
     * Computes all gradients: with dz = dy ⊙ activation'(z), dx = dz W, dW = dzᵀ x, db = the column sums of dz.
     *
     * @param x as in forward
     * @param weight as in forward
     * @param preActivation as in forward
     * @param y as in forward
     * @param dy the gradient of y; with an activation its contents are undefined afterwards (dz takes its place),
     *     without one it is left as it was
     * @param dx overwritten with the gradient of x; left as it was where the spec does not {@linkplain LinearSpec#inputGradient()
     *     want} that
     * @param dWeight overwritten with the gradient of the weight
     * @param dBias overwritten with the gradient of the bias
     */
    void backward(Tensor x, Tensor weight, Tensor preActivation, Tensor y, Tensor dy, Tensor dx, Tensor dWeight,
            Tensor dBias);
}
