package dev.culebra.runtime.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Comparison.Rounding;
import dev.culebra.runtime.operation.Comparison.Twin;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class OptimizerTest {
    private static final int STEPS = 5;
    private static final double LEARNING_RATE = 0.05;

    /** An optimiser for so many parameters. */
    record Case(OptimizerSpec spec, int elements) {}

    static Stream<Object[]> cases() {
        List<Case> cases = new ArrayList<>();
        for (OptimizerSpec spec : List.of(new OptimizerSpec.Sgd(0), new OptimizerSpec.Sgd(0.1),
                new OptimizerSpec.Momentum(0.9, 0), new OptimizerSpec.Momentum(0.7, 0.1),
                new OptimizerSpec.Adam(0.9, 0.999, 1e-8, 0), new OptimizerSpec.Adam(0.8, 0.95, 1e-3, 0.1),
                new OptimizerSpec.AdamW(0.9, 0.999, 1e-8, 0.1), new OptimizerSpec.AdamW(0.8, 0.95, 1e-3, 0))) {
            TestBackends.awkwardSizes(1).forEach(sizes -> cases.add(new Case(spec, sizes[0])));
            // Enough for every core to have some.
            cases.add(new Case(spec, 100_003));
        }
        return TestBackends.with(cases);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void updatesMatchTheReference(TestBackends backend, Case test) {
        int n = test.elements();
        try (Comparison comparison = new Comparison(backend);
                Optimizer candidate = comparison.candidate().optimizer(test.spec(), n);
                Optimizer reference = comparison.reference().optimizer(test.spec(), n)) {
            Twin parameters = comparison.parameters(n);
            Twin state = comparison.newParameters(test.spec().stateSlots(), n);
            comparison.set(state, new double[test.spec().stateSlots() * n]);
            Twin gradients = comparison.parameters(n);
            Twin gradientScale = comparison.parameters(1);
            for (int step = 1; step <= STEPS; step++) {
                long version = parameters.candidate().storage().version();
                comparison.set(gradientScale, step == 3 ? 0.25 : 1);
                int t = step;
                comparison.run(on -> {
                    Optimizer optimizer = on.choose(candidate, reference);
                    optimizer.prepare(LEARNING_RATE, t);
                    optimizer.update(on.of(parameters), on.of(gradients), on.of(state), on.of(gradientScale));
                });
                assertTrue(parameters.candidate().storage().version() > version, "parameters are marked as modified");
                comparison.refill(gradients);
            }
            comparison.assertClose("parameters", parameters, Rounding.ofSum(STEPS).inMasters());
            comparison.assertClose("state", state, Rounding.ofSum(STEPS).inMasters());
        }
    }

    @Test
    void twoStepsByHand() {
        double[] gradients = {2, -4};
        double[] noDecay = twoSteps(new OptimizerSpec.Sgd(0), gradients);
        assertArrayEquals(new double[] {1 - 0.1 * 2 - 0.1 * 2, 3 + 0.1 * 4 + 0.1 * 4}, noDecay, 1e-15);
        double[] decayed = twoSteps(new OptimizerSpec.Sgd(0.5), gradients);
        double first = 1 - 0.1 * (2 + 0.5 * 1);
        assertArrayEquals(new double[] {first - 0.1 * (2 + 0.5 * first)}, new double[] {decayed[0]}, 1e-15);
        double[] momentum = twoSteps(new OptimizerSpec.Momentum(0.9, 0), gradients);
        assertArrayEquals(new double[] {1 - 0.1 * 2 - 0.1 * (0.9 * 2 + 2), 3 + 0.1 * 4 + 0.1 * (0.9 * 4 + 4)}, momentum,
                1e-15);
        // Gradients that stay the same make every step of Adam the learning rate.
        double[] adam = twoSteps(new OptimizerSpec.Adam(0.9, 0.999, 0, 0), gradients);
        assertArrayEquals(new double[] {1 - 0.1 - 0.1, 3 + 0.1 + 0.1}, adam, 1e-13);
        double[] adamW = twoSteps(new OptimizerSpec.AdamW(0.9, 0.999, 0, 0.5), gradients);
        assertArrayEquals(new double[] {(1 * 0.95 - 0.1) * 0.95 - 0.1, (3 * 0.95 + 0.1) * 0.95 + 0.1}, adamW, 1e-13);
    }

    /** What becomes of the parameters 1 and 3 in two steps of learning rate 0.1. */
    private static double[] twoSteps(OptimizerSpec spec, double[] gradients) {
        try (ReferenceBackend backend = new ReferenceBackend(); Optimizer optimizer = backend.optimizer(spec, 2)) {
            FiniteDifferences tensors = new FiniteDifferences(backend);
            Tensor parameters = tensors.zeros(2);
            parameters.set(1, 3);
            Tensor gradient = tensors.zeros(2);
            gradient.set(gradients);
            Tensor state = tensors.zeros(spec.stateSlots(), 2);
            Tensor unscaled = tensors.zeros(1);
            unscaled.set(1);
            for (int step = 1; step <= 2; step++) {
                optimizer.prepare(0.1, step);
                optimizer.update(parameters, gradient, state, unscaled);
            }
            return parameters.toDoubles();
        }
    }
}
