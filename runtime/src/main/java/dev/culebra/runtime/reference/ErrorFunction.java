package dev.culebra.runtime.reference;

/**
 * The error function, which Java lacks, to an absolute error of about 1e-15.
 *
 * <p>Abramowitz and Stegun, "Handbook of Mathematical Functions" (1964), 7.1.6 and 7.1.14.
 */
final class ErrorFunction {
    private static final double SQRT_PI = Math.sqrt(Math.PI);

    private ErrorFunction() {}

    /** erf(x) = 2/√π ∫₀ˣ exp(-t²) dt. */
    static double erf(double x) {
        double magnitude = Math.abs(x);
        return Math.copySign(magnitude < 2 ? series(magnitude) : 1 - complement(magnitude), x);
    }

    /** 2/√π exp(-x²) Σₙ 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n+1)): all terms are positive, so none cancels another. */
    private static double series(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; term > sum * 1e-17; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / SQRT_PI * Math.exp(-x * x) * sum;
    }

    /** 1 - erf(x) = exp(-x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + 2/(x + …))))), which converges fast for x ≥ 2. */
    private static double complement(double x) {
        double fraction = x;
        for (int n = 100; n >= 1; n--) {
            fraction = x + n / 2.0 / fraction;
        }
        return Math.exp(-x * x) / (SQRT_PI * fraction);
    }
}
