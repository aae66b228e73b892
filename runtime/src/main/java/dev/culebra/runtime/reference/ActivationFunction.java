package dev.culebra.runtime.reference;

import dev.culebra.runtime.operation.Activation;

/** The values and derivatives of the {@link Activation}s. */
final class ActivationFunction {
    private static final double TANH_SCALE = Math.sqrt(2 / Math.PI);
    private static final double TANH_CUBE = 0.044715;

    private ActivationFunction() {}

    /** f(z). */
    static double value(Activation activation, double z) {
        return switch (activation) {
            case NONE -> z;
            case RELU -> Math.max(0, z);
            case GELU -> z * normalDistribution(z);
            case GELU_TANH -> z * (1 + Math.tanh(tanhArgument(z))) / 2;
        };
    }

    /** f'(z). */
    static double derivative(Activation activation, double z) {
        return switch (activation) {
            case NONE -> 1;
            case RELU -> z > 0 ? 1 : 0;
            case GELU -> normalDistribution(z) + z * normalDensity(z);
            case GELU_TANH -> {
                double tanh = Math.tanh(tanhArgument(z));
                double argumentDerivative = TANH_SCALE * (1 + 3 * TANH_CUBE * z * z);
                yield (1 + tanh) / 2 + z * (1 - tanh * tanh) * argumentDerivative / 2;
            }
        };
    }

    /** Φ(z). */
    private static double normalDistribution(double z) {
        return (1 + ErrorFunction.erf(z / Math.sqrt(2))) / 2;
    }

    /** Φ'(z). */
    private static double normalDensity(double z) {
        return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
    }

    private static double tanhArgument(double z) {
        return TANH_SCALE * (z + TANH_CUBE * z * z * z);
    }
}
