package dev.culebra.tools.benchmarks.peers;

import java.nio.file.Path;
import java.util.Optional;

import dev.culebra.tools.benchmarks.study.Sizes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** DJL and Culebra compute the same, or there is nothing to compare. */
class AgreementTest {
    @TempDir
    private static Path folder;
    private static Optional<Conditions> conditions = Optional.empty();

    private static Conditions conditions() {
        if (conditions.isEmpty()) {
            conditions = Optional.of(new Conditions(Sizes.SMALL, "cpu", Optional.of(folder)));
            conditions.get().writeWeights();
        }
        return conditions.get();
    }

    @ParameterizedTest
    @EnumSource(Comparison.class)
    void bothSidesComputeTheSame(Comparison row) {
        Agreement agreement = Agreement.of(row, conditions());
        // DJL's Adam has its ε elsewhere.
        double rounding = row == Comparison.ADAM ? 5e-5 : 1e-5;
        assertTrue(agreement.distances().get(Way.CULEBRA) < rounding, agreement::toString);
        assertTrue(agreement.distances().get(Way.CULEBRA_BF16) < 2e-2, agreement::toString);
    }

    @Test
    void distanceIsRelativeAndInfiniteWhereThereIsNothingToCompare() {
        assertEquals(0.5, Agreement.distance(new double[] {3, 6}, new double[] {3, 4}) * 5 / 4, 1e-15);
        assertEquals(Double.POSITIVE_INFINITY, Agreement.distance(new double[] {1}, new double[] {1, 2}));
        assertEquals(Double.POSITIVE_INFINITY, Agreement.distance(new double[] {Double.NaN}, new double[] {1}));
        assertEquals(Double.POSITIVE_INFINITY, Agreement.distance(new double[] {}, new double[] {}));
    }
}
