package dev.culebra.runtime.operation;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import dev.culebra.runtime.operation.Comparison.Twin;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class GradientNormTest {
    static Stream<Object[]> cases() {
        return TestBackends.with(List.of(1, 7, 31, 33, 257, 100_003));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void normMatchesTheReference(TestBackends backend, int elements) {
        try (Comparison comparison = new Comparison(backend);
                GradientNorm candidate = comparison.candidate().gradientNorm();
                GradientNorm reference = comparison.reference().gradientNorm()) {
            Twin gradients = comparison.parameters(elements);
            double expected = reference.norm(gradients.reference());
            // Squares of single-precision numbers are exact in double precision, in which all backends sum.
            assertEquals(expected, candidate.norm(gradients.candidate()), 1e-12 * expected);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.runtime.operation.TestBackends#all")
    void gradientsAreScaledToTheNormTheyAreClippedTo(TestBackends backend) {
        try (Comparison comparison = new Comparison(backend);
                GradientNorm operation = comparison.candidate().gradientNorm()) {
            Twin gradients = comparison.parameters(2);
            Twin scale = comparison.parameters(1);
            for (double[] test : new double[][] {{3, -4, 10, 1}, {3, -4, 5, 5 / (5 + 1e-6)}, {3, -4, 2, 2 / (5 + 1e-6)},
                {0, 0, 1, 1}, {0, Double.POSITIVE_INFINITY, 1, 0}, {Double.NaN, 1, 1, Double.NaN}}) {
                comparison.set(gradients, test[0], test[1]);
                operation.clip(gradients.candidate(), test[2], scale.candidate());
                assertEquals(test[3], scale.candidate().toDoubles()[0], 1e-7, Arrays.toString(test));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.runtime.operation.TestBackends#all")
    void normOfThreeAndFourIsFive(TestBackends backend) {
        try (Comparison comparison = new Comparison(backend);
                GradientNorm operation = comparison.candidate().gradientNorm()) {
            Twin gradients = comparison.parameters(3);
            comparison.set(gradients, 3, 0, -4);
            assertEquals(5, operation.norm(gradients.candidate()));
        }
    }
}
