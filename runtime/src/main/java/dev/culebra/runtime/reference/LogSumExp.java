package dev.culebra.runtime.reference;

/** The logarithm of a softmax's denominator. */
final class LogSumExp {
    private LogSumExp() {}

    /** log Σ exp(values), as max + log Σ exp(values - max), which cannot overflow. */
    static double of(double[] values) {
        double max = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            max = Math.max(max, value);
        }
        double sum = 0;
        for (double value : values) {
            sum += Math.exp(value - max);
        }
        return max + Math.log(sum);
    }
}
