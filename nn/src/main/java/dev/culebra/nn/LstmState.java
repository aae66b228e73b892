package dev.culebra.nn;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.LstmSpec;

/**
 * The states of a stack of LSTM layers between two positions.
 *
 * @param hidden h, activations (L, B, H)
 * @param cell c, parameters' type, (L, B, H)
 */
record LstmState(Tensor hidden, Tensor cell) {
    /** States of zeros, which live as long as the network. */
    static LstmState zero(Network network, LstmSpec spec) {
        Shape shape = Shape.of(spec.layers(), spec.batch(), spec.hiddenSize());
        return new LstmState(network.persistentActivation(shape), network.persistentParameter(shape));
    }

    /** Makes both zero. */
    void clear() {
        hidden.clear();
        cell.clear();
    }
}
