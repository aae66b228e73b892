package dev.culebra.tools.benchmarks.peers;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.culebra.testing.Requirement;
import dev.culebra.tools.benchmarks.study.Sizes;
import org.junit.jupiter.api.BeforeAll;
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

    /** Ends a test where one of the sides cannot be. */
    static void requireBothSides() {
        DjlNatives.missing("cpu").ifPresent(Requirement.CPU::missing);
        Conditions conditions = new Conditions(Sizes.SMALL, "cpu", Optional.empty());
        if (!Way.CULEBRA.isHere(conditions)) {
            Requirement.CPU.missing("oneDNN does not load here");
        }
    }

    private static Conditions conditions() {
        return new Conditions(Sizes.SMALL, "cpu", Optional.of(folder));
    }

    @BeforeAll
    static void writeWeights() {
        requireBothSides();
        conditions().writeWeights();
    }

    @ParameterizedTest
    @EnumSource(Comparison.class)
    void bothSidesComputeTheSame(Comparison row) {
        Agreement agreement = Agreement.of(row, List.of(Way.CULEBRA), conditions());
        assertTrue(agreement.distances().get(Way.CULEBRA) < 2e-4, agreement::toString);
    }

    @ParameterizedTest
    @EnumSource(Comparison.class)
    void inBf16TheyDifferByTheRoundingOfOperandsAlone(Comparison row) {
        if (!Way.CULEBRA_BF16.isHere(conditions())) {
            Requirement.CPU_BF16.missing("this processor trains in no bf16");
        }
        Agreement agreement = Agreement.of(row, List.of(Way.CULEBRA_BF16), conditions());
        assertTrue(agreement.distances().get(Way.CULEBRA_BF16) < 2e-2, agreement::toString);
    }

    @Test
    void distanceIsRelativeAndInfiniteWhereThereIsNothingToCompare() {
        assertEquals(0.4, Agreement.distance(new double[] {3, 6}, new double[] {3, 4}), 1e-15);
        assertEquals(Double.POSITIVE_INFINITY, Agreement.distance(new double[] {1}, new double[] {1, 2}));
        assertEquals(Double.POSITIVE_INFINITY, Agreement.distance(new double[] {Double.NaN}, new double[] {1}));
        assertEquals(Double.POSITIVE_INFINITY, Agreement.distance(new double[] {0}, new double[] {0}));
        assertEquals(Double.POSITIVE_INFINITY, Agreement.distance(new double[] {}, new double[] {}));
    }
}
