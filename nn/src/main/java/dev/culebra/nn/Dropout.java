package dev.culebra.nn;

import java.util.Optional;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.DropoutSpec;

/**
 * Dropout in place, for whoever owns a tensor: the same call masks the activations going forward and their gradient
 * going back. It does nothing in inference, and nothing at all where the probability is 0.
 */
final class Dropout {
    private final Network network;
    private final Optional<dev.culebra.runtime.operation.Dropout> operation;

    /** Dropout of activations of {@code shape}, with masks of its own within the network. */
    Dropout(Network network, Shape shape, double probability, long seed) {
        this.network = network;
        int stream = network.nextDropoutStream();
        this.operation = probability == 0
                ? Optional.empty()
                : Optional.of(network.own(network.backend().dropout(
                        new DropoutSpec(Math.toIntExact(shape.elements()), probability, seed, stream))));
    }

    /** Whether a training pass drops anything. */
    boolean isActive() {
        return operation.isPresent();
    }

    /** Applies the mask of the network's present training step. */
    void apply(Tensor tensor) {
        if (operation.isPresent() && network.isTraining()) {
            operation.get().apply(tensor, network.step());
        }
    }
}
