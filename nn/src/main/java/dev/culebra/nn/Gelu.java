package dev.culebra.nn;

import java.util.Locale;

import dev.culebra.runtime.operation.Activation;

/** Which form of GELU a transformer's MLP has. */
public enum Gelu {
    /** Through erf, as PyTorch's default. */
    EXACT(Activation.GELU),
    /** The tanh approximation, for GPT-1's own weights. */
    TANH(Activation.GELU_TANH);

    private final Activation activation;

    Gelu(Activation activation) {
        this.activation = activation;
    }

    /** The operation's name for it. */
    public Activation activation() {
        return activation;
    }

    /** The name on the command line and in checkpoints: {@code exact}, {@code tanh}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The form with that label.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Gelu ofLabel(String label) {
        for (Gelu gelu : values()) {
            if (gelu.label().equals(label)) {
                return gelu;
            }
        }
        throw new IllegalArgumentException("gelu is exact or tanh, not " + label);
    }
}
