package dev.culebra.runtime.operation;

import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * The oracle of the oracle: gradients in double precision against central differences,
 * (f(x + h) - f(x - h)) / 2h, whose error is of the order of h² and of 2⁻⁵³ / h.
 */
final class FiniteDifferences {
    private static final double H = 1e-5;
    private static final double TOLERANCE = 1e-8;

    private final Random random = new Random(42);
    private final Backend backend;

    FiniteDifferences(Backend backend) {
        this.backend = backend;
    }

    /** A tensor of normally distributed numbers. */
    Tensor random(int... sizes) {
        Tensor tensor = zeros(sizes);
        tensor.set(DoubleStream.generate(random::nextGaussian).limit(tensor.elements()).toArray());
        return tensor;
    }

    /** A tensor of zeros. */
    Tensor zeros(int... sizes) {
        return backend.allocate(backend.activationType(), Shape.of(sizes));
    }

    /** Σ y ⊙ dy, whose gradient with respect to y is dy. */
    static double product(Tensor y, Tensor dy) {
        double[] a = y.toDoubles();
        double[] b = dy.toDoubles();
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** Asserts that {@code gradient} is that of {@code loss}, which reads {@code x} anew at each call. */
    static void assertGradient(String name, Tensor x, Tensor gradient, DoubleSupplier loss) {
        double[] values = x.toDoubles();
        double[] found = gradient.toDoubles();
        for (int i = 0; i < values.length; i++) {
            Tensor element = x.view(i, Shape.of(1));
            element.set(values[i] + H);
            double above = loss.getAsDouble();
            element.set(values[i] - H);
            double below = loss.getAsDouble();
            element.set(values[i]);
            double expected = (above - below) / (2 * H);
            assertEquals(expected, found[i], TOLERANCE * (1 + Math.abs(expected)), name + "[" + i + "]");
        }
    }
}
