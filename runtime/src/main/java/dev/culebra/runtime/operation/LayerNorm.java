package dev.culebra.runtime.operation;

import dev.culebra.runtime.Tensor;

/**
 * y = (s - mean(s)) / √(var(s) + ε) ⊙ w + b with s = x + r, the biased variance, row by row (Ba, Kiros, Hinton 2016).
 */
public interface LayerNorm extends Operation {
    /** What this operation computes. */
    LayerNormSpec spec();

    /**
     * Computes y.
     *
     * @param x activations (rows, features)
     * @param residual r, activations (rows, features); without a residual {@code x} is to be passed
     * @param weight parameters (features)
     * @param bias parameters (features)
     * @param sum overwritten with s, activations (rows, features); without a residual {@code x} is to be passed
     * @param statistics overwritten with what the backward pass needs of each row, parameters' type, (2, rows)
     * @param y overwritten, activations (rows, features)
     */
    void forward(Tensor x, Tensor residual, Tensor weight, Tensor bias, Tensor sum, Tensor statistics, Tensor y);

    /**
     * Computes the gradients. The gradient of s is that of x and of r alike.
     *
     * @param sum as left by forward
     * @param statistics as left by forward
     * @param weight as in forward
     * @param dy the gradient of y
     * @param dSum overwritten with the gradient of s
     * @param dWeight overwritten with the gradient of the weight
     * @param dBias overwritten with the gradient of the bias
     */
    void backward(Tensor sum, Tensor statistics, Tensor weight, Tensor dy, Tensor dSum, Tensor dWeight, Tensor dBias);
}
