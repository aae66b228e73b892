package dev.culebra.runtime.operation;

import java.util.List;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000), L layers:
 * <pre>
 *   i, f, g, o = x_t W_ihᵀ + b_ih + h_{t-1} W_hhᵀ + b_hh         (gates in this order, H columns each)
 *   c_t = σ(f) ⊙ c_{t-1} + σ(i) ⊙ tanh(g)
 *   h_t = σ(o) ⊙ tanh(c_t)
 * </pre>
 * and layer k+1 reads layer k's h, in training steps under the mask {@link LstmSpec#dropoutAfter dropoutAfter(k)}.
 */
public interface Lstm extends Operation {
    /** In place of the number of a training step: there is no dropout. */
    long NO_STEP = -1;

    /** What this operation computes. */
    LstmSpec spec();

    /**
     * Where {@code weight_ih_l{k}} (4H, E or H), {@code weight_hh_l{k}} (4H, H), {@code bias_ih_l{k}} and
     * {@code bias_hh_l{k}} (4H) lie in the parameter block. The regions do not overlap.
     */
    List<ParameterRegion> parameterLayout();

    /** The length of the parameter block, in elements. */
    long parameterElements();

    /** The shape of the reserve tensor (activations) through which forward hands on what backward needs. */
    Shape reserveShape();

    /**
     * Runs all time steps.
     *
     * @param x activations (B, T, E)
     * @param initialHidden h₀, activations (L, B, H)
     * @param initialCell c₀, parameters' type, (L, B, H)
     * @param parameters the block (parameterElements)
     * @param step the number of the training step, for the dropout masks; negative for none
     * @param y overwritten with the last layer's h, activations (B, T, H)
     * @param finalHidden overwritten with h_T of each layer, activations (L, B, H)
     * @param finalCell overwritten with c_T of each layer, parameters' type, (L, B, H)
     * @param reserve overwritten, (reserveShape)
     */
    void forward(Tensor x, Tensor initialHidden, Tensor initialCell, Tensor parameters, long step, Tensor y,
            Tensor finalHidden, Tensor finalCell, Tensor reserve);

    /**
     * The shape of the reserve tensor (activations) of {@link #infer}: that of {@link #forward}'s, unless the operation needs
     * less where nothing is handed on.
     */
    default Shape inferenceReserveShape() {
        return reserveShape();
    }

    /**
     * Runs all time steps without dropout, when no backward pass follows: y and the last states are those of {@link #forward}
     * within rounding.
     *
     * @param x as in forward
     * @param initialHidden as in forward
     * @param initialCell as in forward
     * @param parameters as in forward
     * @param y overwritten, as in forward
     * @param finalHidden overwritten, as in forward
     * @param finalCell overwritten, as in forward
     * @param reserve overwritten, (inferenceReserveShape); of no use afterwards
     */
    default void infer(Tensor x, Tensor initialHidden, Tensor initialCell, Tensor parameters, Tensor y,
            Tensor finalHidden, Tensor finalCell, Tensor reserve) {
        forward(x, initialHidden, initialCell, parameters, NO_STEP, y, finalHidden, finalCell, reserve);
    }

    /**
     * Computes the gradients, the loss not depending on the final states.
     *
     * @param x as in forward
     * @param initialHidden as in forward
     * @param initialCell as in forward
     * @param parameters as in forward
     * @param step as in forward
     * @param y as left by forward
     * @param reserve as left by forward; overwritten, of no use afterwards
     * @param dy the gradient of y
     * @param dx overwritten with the gradient of x; of no meaning where the spec does not {@linkplain LstmSpec#inputGradient()
     *     want it}
     * @param dParameters overwritten with the gradient of the block; gaps between regions are zero
     */
    void backward(Tensor x, Tensor initialHidden, Tensor initialCell, Tensor parameters, long step, Tensor y,
            Tensor reserve, Tensor dy, Tensor dx, Tensor dParameters);
}
