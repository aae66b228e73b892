package dev.culebra.nn;

import java.util.List;
import java.util.stream.Stream;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;

/**
 * The keys and values of the text that a transformer has read.
 *
 * @param position I32 (1): how many positions are kept
 * @param blocks of each block, activations (1, P, 2, m, d)
 */
record KeyValueCache(Tensor position, List<Tensor> blocks) {
    /** Room for all positions of a model, which lives as long as the network. */
    static KeyValueCache allocate(Network network, GptModelSpec spec) {
        Shape shape = Shape.of(1, spec.positions(), 2, spec.heads(), spec.width() / spec.heads());
        return new KeyValueCache(network.persistentTokens(Shape.of(1)),
                Stream.generate(() -> network.persistentActivation(shape)).limit(spec.layers()).toList());
    }

    /** Forgets all: what was kept of one text, perhaps no number, is not to be multiplied with in the next. */
    void clear() {
        blocks.forEach(Tensor::clear);
    }
}
