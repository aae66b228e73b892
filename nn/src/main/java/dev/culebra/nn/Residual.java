package dev.culebra.nn;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Elementwise;

/** A branch with its residual connection, normalised after the sum: y = norm(dropout(branch(x)) + x). */
final class Residual implements Layer {
    private final Network network;
    private final Layer branch;
    private final LayerNorm norm;
    private final Dropout dropout;
    private final Elementwise elementwise;
    private final Shape shape;
    private final boolean inputGradient;
    private Tensor branchResult;

    /**
     * A residual connection.
     *
     * @param branch from {@code shape} to {@code shape}; it must leave the gradient it is given as it was
     * @param norm a normalisation of a sum
     * @param inputGradient whether anybody needs the gradient of x; otherwise the contents of what {@link #backward} returns are
     *     undefined, as the branch's may be
     */
    Residual(Network network, Layer branch, LayerNorm norm, Dropout dropout, Shape shape, boolean inputGradient) {
        this.network = network;
        this.branch = branch;
        this.norm = norm;
        this.dropout = dropout;
        this.elementwise = network.own(network.backend().elementwise());
        this.shape = shape;
        this.inputGradient = inputGradient;
    }

    @Override
    public Tensor forward(Tensor x) {
        branchResult = branch.forward(x);
        dropout.apply(branchResult);
        Tensor y = norm.forward(branchResult, x);
        network.freeInInference(branchResult);
        return y;
    }

    @Override
    public Tensor backward(Tensor gradient) {
        Tensor sumGradient = norm.backward(gradient);
        Tensor result = dropout.isActive() ? throughDropout(sumGradient) : branch.backward(sumGradient);
        network.free(branchResult);
        if (inputGradient) {
            elementwise.add(result, sumGradient);
        }
        network.free(sumGradient);
        return result;
    }

    /** The mask must not reach the gradient of the residual, so it is applied to a copy. */
    private Tensor throughDropout(Tensor sumGradient) {
        Tensor branchGradient = network.activation(shape);
        elementwise.convert(sumGradient, branchGradient);
        dropout.apply(branchGradient);
        Tensor result = branch.backward(branchGradient);
        network.free(branchGradient);
        return result;
    }
}
