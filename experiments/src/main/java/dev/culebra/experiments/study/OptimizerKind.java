package dev.culebra.experiments.study;

import java.util.Locale;

/** The four optimisers of the study. */
public enum OptimizerKind {
    /** Plain gradient descent. */
    SGD(5e-4),
    /** Gradient descent with momentum. */
    MOMENTUM(5e-4),
    /** Adam (Kingma and Ba 2015). */
    ADAM(0),
    /** Adam with decoupled weight decay (Loshchilov and Hutter 2019). */
    ADAMW(5e-4);

    private final double defaultWeightDecay;

    OptimizerKind(double defaultWeightDecay) {
        this.defaultWeightDecay = defaultWeightDecay;
    }

    /** λ, unless the command line says otherwise. */
    public double defaultWeightDecay() {
        return defaultWeightDecay;
    }

    /** Whether betas and epsilon say how it learns. */
    public boolean isAdaptive() {
        return this == ADAM || this == ADAMW;
    }

    /** As on the command line: {@code sgd}, {@code momentum}, {@code adam}, {@code adamw}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
