package dev.culebra.runtime.operation;

import dev.culebra.runtime.Tensor;

/** The Euclidean norm of all gradients of a model. */
public interface GradientNorm extends Operation {
    /** √(Σ g²), summed in double precision. */
    double norm(Tensor gradients);
}
