package dev.culebra.nn;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.LinearCrossEntropy;
import dev.culebra.runtime.operation.LinearCrossEntropySpec;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.culebra.nn.Closeness.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** The loss is the mean of the sequences' means, explicit and fused; wrong input is one clear sentence. */
class CrossEntropyTest {
    @Test
    void sequencesCountAlikeHoweverLongTheyAre() {
        try (Backend backend = new ReferenceBackend()) {
            Tensor logProbabilities = backend.allocate(DataType.F64, Shape.of(3, 2, 2));
            logProbabilities.set(-1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12);
            int[] targets = {0, 1, 1, 0, 0, 0};
            assertEquals(((1 + 4) / 2.0 + 6) / 2,
                    CrossEntropy.loss(logProbabilities, targets, new float[] {1, 1, 1, 0, 0, 0}), 1e-15);
        }
    }

    @Test
    void weightsSumToOne() {
        double[] weights = new double[9];
        float[] mask = {1, 1, 1, 1, 0, 0, 0, 0, 0};
        CrossEntropy.weigh(mask, CrossEntropy.unmasked(mask, 3), weights);
        assertArrayEquals(new double[] {1 / 6.0, 1 / 6.0, 1 / 6.0, 1 / 2.0, 0, 0, 0, 0, 0}, weights, 1e-16);
    }

    @Test
    void aBatchWithoutAnyTargetHasNoLoss() {
        double[] weights = {5, 5};
        CrossEntropy.weigh(new float[2], CrossEntropy.unmasked(new float[2], 1), weights);
        assertArrayEquals(new double[2], weights);
    }

    @Test
    void wrongTargetsAndMasksAreRefused() {
        try (Backend backend = new ReferenceBackend()) {
            Tensor logProbabilities = backend.allocate(DataType.F64, Shape.of(2, 3, 4));
            int[] targets = new int[6];
            float[] mask = {1, 1, 1, 1, 1, 0};
            assertRefused("target id -1 at sequence 0, position 1 lies outside the vocabulary of 4", logProbabilities,
                    new int[] {0, -1, 0, 0, 0, 0}, mask);
            assertRefused("target id 4 at sequence 1, position 0 lies outside the vocabulary of 4", logProbabilities,
                    new int[] {0, 0, 0, 4, 0, 0}, mask);
            // Masked, but an id all the same.
            assertRefused("target id 4 at sequence 1, position 2 lies outside the vocabulary of 4", logProbabilities,
                    new int[] {0, 0, 0, 0, 0, 4}, mask);
            assertRefused("5 target ids for a batch of (2, 3)", logProbabilities, new int[5], mask);
            assertRefused("a mask of 7 for a batch of (2, 3)", logProbabilities, targets, new float[7]);
            assertRefused("log-probabilities must be (B, T, V), but are (6, 4)", logProbabilities.reshape(6, 4),
                    targets, mask);
        }
    }

    private static void assertRefused(String message, Tensor logProbabilities, int[] targets, float[] mask) {
        assertEquals(message, assertThrows(IllegalArgumentException.class,
                () -> CrossEntropy.loss(logProbabilities, targets, mask)).getMessage());
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.nn.BackendCase#present")
    void fusedAndExplicitLossAreThoseOfPyTorch(BackendCase backendCase) {
        double tolerance = backendCase.tolerance(257);
        LinearCrossEntropySpec spec = new LinearCrossEntropySpec(35, 33, 257, true);
        try (Golden golden = Golden.open("operations/linear_cross_entropy");
                Backend backend = backendCase.open();
                Network network = new Network(backend);
                LinearCrossEntropy operation = backend.linearCrossEntropy(spec)) {
            int[] targets = golden.ints("targets");
            float[] mask = golden.floats("mask");
            double[] weights = new double[35];
            CrossEntropy.weigh(mask, CrossEntropy.unmasked(mask, 7), weights);
            assertArrayEquals(golden.doubles("weights"), weights, 1e-16);

            Tensor hidden = network.persistentActivation(Shape.of(35, 33));
            Tensor table = network.persistentParameter(Shape.of(257, 33));
            Tensor targetTensor = network.persistentTokens(Shape.of(35));
            Tensor weightTensor = network.persistentParameter(Shape.of(35));
            Tensor nll = network.persistentParameter(Shape.of(35));
            Tensor dHidden = network.persistentActivation(Shape.of(35, 33));
            Tensor dTable = network.persistentParameter(Shape.of(257, 33));
            Tensor logProbabilities = network.persistentParameter(Shape.of(35, 257));
            golden.copyTo("hidden", hidden);
            golden.copyTo("table", table);
            targetTensor.set(targets);
            weightTensor.set(weights);

            operation.forwardBackward(hidden, table, targetTensor, weightTensor, nll, dHidden, dTable);
            assertClose("nll", masked(golden.doubles("nll"), mask), nll, tolerance);
            assertClose("dhidden", golden.doubles("dhidden"), dHidden, tolerance);
            assertClose("dtable", golden.doubles("dtable"), dTable, tolerance);
            operation.forward(hidden, table, targetTensor, weightTensor, nll);
            assertClose("nll", masked(golden.doubles("nll"), mask), nll, tolerance);
            operation.logProbabilities(hidden, table, logProbabilities);
            assertClose("loss", golden.scalar("loss"),
                    CrossEntropy.loss(logProbabilities.reshape(5, 7, 257), targets, mask), tolerance);
        }
    }

    private static double[] masked(double[] values, float[] mask) {
        double[] result = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = values[i] * mask[i];
        }
        return result;
    }
}
