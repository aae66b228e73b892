package dev.culebra.runtime.operation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Comparison.Rounding;
import dev.culebra.runtime.operation.Comparison.Twin;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.culebra.runtime.operation.FiniteDifferences.assertGradient;
import static dev.culebra.runtime.operation.FiniteDifferences.product;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LinearCrossEntropyTest {
    static Stream<Object[]> cases() {
        List<LinearCrossEntropySpec> specs = new ArrayList<>();
        for (int[] sizes : TestBackends.awkwardSizes(3)) {
            specs.add(new LinearCrossEntropySpec(sizes[0], sizes[1], sizes[2], false));
            specs.add(new LinearCrossEntropySpec(sizes[0], sizes[1], sizes[2], true));
        }
        // Enough of rows and of classes for more than one chunk.
        specs.add(new LinearCrossEntropySpec(1033, 7, 2053, true));
        return TestBackends.with(specs);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void lossAndGradientsMatchTheReference(TestBackends backend, LinearCrossEntropySpec spec) {
        try (Comparison comparison = new Comparison(backend)) {
            Problem problem = new Problem(comparison, spec);
            Twin nll = comparison.newParameters(spec.rows());
            Twin nllOfBoth = comparison.newParameters(spec.rows());
            Twin dHidden = comparison.newActivations(spec.rows(), spec.width());
            Twin dTable = spec.learnTable()
                    ? comparison.newParameters(spec.vocabulary(), spec.width())
                    : problem.table;
            double[] table = problem.table.candidate().toDoubles();
            comparison.run(on -> {
                try (LinearCrossEntropy loss = on.backend().linearCrossEntropy(spec)) {
                    loss.forward(on.of(problem.hidden), on.of(problem.table), on.of(problem.targets),
                            on.of(problem.weights), on.of(nll));
                    loss.forwardBackward(on.of(problem.hidden), on.of(problem.table), on.of(problem.targets),
                            on.of(problem.weights), on.of(nllOfBoth), on.of(dHidden), on.of(dTable));
                }
            });
            // Logits have a standard deviation of 1, and so are the errors of nll even where it is nearly 0.
            comparison.assertClose("nll", nll, Rounding.ofSum(spec.width()).ofSize(4));
            comparison.assertClose("nll of forwardBackward", nllOfBoth, Rounding.ofSum(spec.width()).ofSize(4));
            double weight = 1.0 / spec.rows();
            comparison.assertClose("dHidden", dHidden, Rounding.ofSum(spec.vocabulary()).ofSize(weight));
            comparison.assertClose("dTable", dTable,
                    Rounding.ofSum(spec.rows()).ofSize(weight * Math.sqrt(spec.rows())));
            if (!spec.learnTable()) {
                assertArrayEquals(table, problem.table.candidate().toDoubles(), "a frozen table");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void logProbabilitiesMatchTheReference(TestBackends backend, LinearCrossEntropySpec spec) {
        try (Comparison comparison = new Comparison(backend)) {
            Problem problem = new Problem(comparison, spec);
            Twin logProbabilities = comparison.newParameters(spec.rows(), spec.vocabulary());
            comparison.run(on -> {
                try (LinearCrossEntropy loss = on.backend().linearCrossEntropy(spec)) {
                    loss.logProbabilities(on.of(problem.hidden), on.of(problem.table), on.of(logProbabilities));
                }
            });
            comparison.assertClose("logProbabilities", logProbabilities, Rounding.ofSum(spec.width()).ofSize(4));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.runtime.operation.TestBackends#all")
    void rowsOfWeightZeroCountForNothing(TestBackends backend) {
        LinearCrossEntropySpec spec = new LinearCrossEntropySpec(3, 7, 31, true);
        try (Comparison comparison = new Comparison(backend)) {
            Problem problem = new Problem(comparison, spec);
            comparison.set(problem.weights, 0.5, 0, 0.25);
            Twin nll = comparison.newParameters(3);
            Twin dHidden = comparison.newActivations(3, 7);
            Twin dTable = comparison.newParameters(31, 7);
            comparison.run(on -> {
                try (LinearCrossEntropy loss = on.backend().linearCrossEntropy(spec)) {
                    loss.forwardBackward(on.of(problem.hidden), on.of(problem.table), on.of(problem.targets),
                            on.of(problem.weights), on.of(nll), on.of(dHidden), on.of(dTable));
                    assertEquals(0, on.of(nll).toDoubles()[1]);
                    for (double gradient : on.of(dHidden).view(7, Shape.of(7)).toDoubles()) {
                        assertEquals(0, Math.abs(gradient));
                    }
                    loss.forward(on.of(problem.hidden), on.of(problem.table), on.of(problem.targets),
                            on.of(problem.weights), on.of(nll));
                    assertEquals(0, on.of(nll).toDoubles()[1]);
                }
            });
            comparison.assertClose("nll", nll, Rounding.ofSum(7).ofSize(4));
            comparison.assertClose("dTable", dTable, Rounding.ofSum(3).ofSize(0.5));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.runtime.operation.TestBackends#all")
    void notEvenNaNCountsUnderWeightZero(TestBackends backend) {
        LinearCrossEntropySpec spec = new LinearCrossEntropySpec(3, 7, 31, true);
        try (Comparison comparison = new Comparison(backend);
                LinearCrossEntropy loss = comparison.candidate().linearCrossEntropy(spec)) {
            Problem problem = new Problem(comparison, spec);
            comparison.set(problem.weights, 0.5, 0, 0.25);
            Tensor hidden = problem.hidden.candidate();
            hidden.view(7, Shape.of(7)).set(new float[] {Float.NaN, Float.POSITIVE_INFINITY, 0, 0, 0, 0, 0});
            Tensor nll = comparison.newParameters(3).candidate();
            Tensor dHidden = comparison.newActivations(3, 7).candidate();
            Tensor dTable = comparison.newParameters(31, 7).candidate();
            loss.forwardBackward(hidden, problem.table.candidate(), problem.targets.candidate(),
                    problem.weights.candidate(), nll, dHidden, dTable);
            for (Tensor result : List.of(nll, dHidden, dTable)) {
                assertTrue(Arrays.stream(result.toDoubles()).allMatch(Double::isFinite), result.toString());
            }
            assertEquals(0, nll.toDoubles()[1]);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.runtime.operation.TestBackends#all")
    void manyClassesCostTheTargetsTermNoDigits(TestBackends backend) {
        // As a model starts: every class is equally probable, and all of them are small beside the target.
        LinearCrossEntropySpec spec = new LinearCrossEntropySpec(3, 16, 40_479, false);
        try (Comparison comparison = new Comparison(backend)) {
            Problem problem = new Problem(comparison, spec);
            comparison.set(problem.hidden, new double[3 * 16]);
            Twin nll = comparison.newParameters(3);
            Twin dHidden = comparison.newActivations(3, 16);
            comparison.run(on -> {
                try (LinearCrossEntropy loss = on.backend().linearCrossEntropy(spec)) {
                    loss.forwardBackward(on.of(problem.hidden), on.of(problem.table), on.of(problem.targets),
                            on.of(problem.weights), on.of(nll), on.of(dHidden), on.of(problem.table));
                }
            });
            comparison.assertClose("nll", nll, Rounding.ofSum(1));
            comparison.assertClose("dHidden", dHidden, Rounding.ofSum(1));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.runtime.operation.TestBackends#all")
    void largeLogitsDoNotOverflow(TestBackends backend) {
        LinearCrossEntropySpec spec = new LinearCrossEntropySpec(2, 1, 3, true);
        try (Comparison comparison = new Comparison(backend)) {
            Problem problem = new Problem(comparison, spec);
            comparison.set(problem.hidden, 1024, -1024);
            comparison.set(problem.table, 1, -1, 0.5);
            Twin nll = comparison.newParameters(2);
            Twin dHidden = comparison.newActivations(2, 1);
            Twin dTable = comparison.newParameters(3, 1);
            comparison.run(on -> {
                try (LinearCrossEntropy loss = on.backend().linearCrossEntropy(spec)) {
                    loss.forwardBackward(on.of(problem.hidden), on.of(problem.table), on.of(problem.targets),
                            on.of(problem.weights), on.of(nll), on.of(dHidden), on.of(dTable));
                }
            });
            comparison.assertClose("nll", nll, Rounding.ofSum(1).ofSize(1024));
            comparison.assertClose("dHidden", dHidden, Rounding.ofSum(3).ofSize(1));
            comparison.assertClose("dTable", dTable, Rounding.ofSum(2).ofSize(1024));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.runtime.operation.TestBackends#all")
    void theLossOfAnAllButImpossibleTargetIsItsLogProbabilityToo(TestBackends backend) {
        LinearCrossEntropySpec spec = new LinearCrossEntropySpec(2, 1, 3, false);
        try (Comparison comparison = new Comparison(backend);
                LinearCrossEntropy loss = comparison.candidate().linearCrossEntropy(spec)) {
            Problem problem = new Problem(comparison, spec);
            Tensor hidden = problem.hidden.candidate();
            hidden.set(1024, -1024);
            // No bfloat16 numbers: what rounds them must do so wherever it reads them.
            Tensor table = problem.table.candidate();
            table.set(1.003, -1.003, 0.5);
            Tensor targets = problem.targets.candidate();
            targets.set(new int[] {1, 0});
            Tensor nll = comparison.newParameters(2).candidate();
            Tensor logProbabilities = comparison.newParameters(2, 3).candidate();
            loss.forward(hidden, table, targets, problem.weights.candidate(), nll);
            loss.logProbabilities(hidden, table, logProbabilities);
            assertEquals(-logProbabilities.toDoubles()[1], nll.toDoubles()[0], 1e-3);
            assertEquals(-logProbabilities.toDoubles()[3], nll.toDoubles()[1], 1e-3);
        }
    }

    /** Random inputs whose logits have a standard deviation of about 1; the rows' weights differ, and some are 0. */
    private static final class Problem {
        private final Twin hidden;
        private final Twin table;
        private final Twin targets;
        private final Twin weights;

        Problem(Comparison comparison, LinearCrossEntropySpec spec) {
            hidden = comparison.activations(spec.rows(), spec.width());
            table = comparison.scaledParameters(1 / Math.sqrt(spec.width()), spec.vocabulary(), spec.width());
            targets = comparison.tokens(spec.vocabulary(), spec.rows());
            weights = comparison.parameters(spec.rows());
            double[] unequal = new double[spec.rows()];
            Arrays.setAll(unequal, row -> (double) ((row + 3) % 7) / 6 / spec.rows());
            comparison.set(weights, unequal);
        }
    }

    @Test
    void gradientsAreFiniteDifferences() {
        LinearCrossEntropySpec spec = new LinearCrossEntropySpec(4, 3, 5, true);
        try (ReferenceBackend backend = new ReferenceBackend();
                LinearCrossEntropy operation = backend.linearCrossEntropy(spec)) {
            FiniteDifferences tensors = new FiniteDifferences(backend);
            Tensor hidden = tensors.random(4, 3);
            Tensor table = tensors.random(5, 3);
            Tensor targets = backend.allocate(DataType.I32, Shape.of(4));
            targets.set(new int[] {0, 4, 2, 2});
            Tensor weights = tensors.zeros(4);
            weights.set(0.5, 0.25, 0, 1);
            Tensor nll = tensors.zeros(4);
            Tensor dHidden = tensors.zeros(4, 3);
            Tensor dTable = tensors.zeros(5, 3);
            operation.forwardBackward(hidden, table, targets, weights, nll, dHidden, dTable);
            DoubleSupplier loss = () -> {
                operation.forward(hidden, table, targets, weights, nll);
                return product(nll, weights);
            };
            assertGradient("hidden", hidden, dHidden, loss);
            assertGradient("table", table, dTable, loss);
        }
    }

    @Test
    void lossIsMinusTheLogProbabilityOfTheTarget() {
        LinearCrossEntropySpec spec = new LinearCrossEntropySpec(2, 1, 3, false);
        try (ReferenceBackend backend = new ReferenceBackend();
                LinearCrossEntropy operation = backend.linearCrossEntropy(spec)) {
            FiniteDifferences tensors = new FiniteDifferences(backend);
            Tensor hidden = tensors.zeros(2, 1);
            hidden.set(1, 0);
            Tensor table = tensors.zeros(3, 1);
            table.set(Math.log(1), Math.log(2), Math.log(5));
            Tensor targets = backend.allocate(DataType.I32, Shape.of(2));
            targets.set(new int[] {1, 0});
            Tensor weights = tensors.zeros(2);
            weights.set(1, 1);
            Tensor nll = tensors.zeros(2);
            operation.forward(hidden, table, targets, weights, nll);
            assertArrayEquals(new double[] {Math.log(8.0 / 2), Math.log(3)}, nll.toDoubles(), 1e-15);
            Tensor logProbabilities = tensors.zeros(2, 3);
            operation.logProbabilities(hidden, table, logProbabilities);
            double[] expected = {Math.log(1.0 / 8), Math.log(2.0 / 8), Math.log(5.0 / 8), -Math.log(3), -Math.log(3),
                -Math.log(3)};
            assertArrayEquals(expected, logProbabilities.toDoubles(), 1e-15);
        }
    }
}
