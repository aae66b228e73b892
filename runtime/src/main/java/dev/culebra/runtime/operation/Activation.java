package dev.culebra.runtime.operation;

/** The function a linear layer applies to its result. */
public enum Activation {
    /** The identity. */
    NONE,
    /** max(0, z). */
    RELU,
    /** z Φ(z), Φ the normal distribution function: the exact form, through erf (Hendrycks and Gimpel 2016). */
    GELU,
    /** The same with Φ(z) ≈ (1 + tanh(√(2/π) (z + 0.044715 z³))) / 2, as GPT-1 and GPT-2 have it. */
    GELU_TANH
}
