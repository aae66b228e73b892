package dev.culebra.runtime.operation;

import dev.culebra.runtime.operation.Comparison.Twin;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class LossHistoryTest {
    private static final int CAPACITY = 3;

    @ParameterizedTest
    @MethodSource("dev.culebra.runtime.operation.TestBackends#all")
    void theSumsOfTheLatestStepsAreKept(TestBackends backend) {
        try (Comparison comparison = new Comparison(backend)) {
            for (int[] sizes : TestBackends.awkwardSizes(2)) {
                keeps(comparison, new LossHistorySpec(sizes[0], sizes[1], CAPACITY));
            }
        }
    }

    private static void keeps(Comparison comparison, LossHistorySpec spec) {
        try (LossHistory history = comparison.candidate().lossHistory(spec)) {
            Twin nll = comparison.parameters(spec.rows());
            double[][] sums = new double[5][];
            for (int step = 0; step < sums.length; step++) {
                comparison.refill(nll);
                history.record(nll.candidate(), step);
                sums[step] = sums(nll.candidate().toDoubles(), spec);
                assertArrayEquals(sums[step], history.read(step, 1), 1e-12);
            }
            double[] expected = new double[CAPACITY * spec.sequences()];
            for (int i = 0; i < CAPACITY; i++) {
                System.arraycopy(sums[2 + i], 0, expected, i * spec.sequences(), spec.sequences());
            }
            assertArrayEquals(expected, history.read(2, CAPACITY), 1e-12);
            assertThrows(IllegalArgumentException.class, () -> history.read(1, CAPACITY + 1));
        }
    }

    private static double[] sums(double[] nll, LossHistorySpec spec) {
        double[] sums = new double[spec.sequences()];
        for (int row = 0; row < nll.length; row++) {
            sums[row / spec.sequenceLength()] += nll[row];
        }
        return sums;
    }
}
