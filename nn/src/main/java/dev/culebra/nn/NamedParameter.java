package dev.culebra.nn;

import java.util.Optional;

import dev.culebra.runtime.Tensor;

/**
 * One named tensor of a model, as checkpoints know it: views into the buffers of its {@link ParameterStore}.
 *
 * @param name the full name of EXPERIMENTS.md, such as {@code layers.0.mlp.2.weight}
 * @param value a view of the value
 * @param gradient a view of the gradient, where the tensor is learned
 * @param offset the index of its first element in {@link ParameterStore#values()}, or among the frozen values
 */
public record NamedParameter(String name, Tensor value, Optional<Tensor> gradient, long offset) {
    /** Whether training changes it. */
    public boolean trainable() {
        return gradient.isPresent();
    }
}
