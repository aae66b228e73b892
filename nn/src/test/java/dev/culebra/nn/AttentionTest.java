package dev.culebra.nn;

import java.util.function.Function;
import java.util.stream.Stream;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.culebra.nn.Closeness.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Attention step by step: heads, weights, masking, and the layer as a composition of the steps. */
class AttentionTest {
    private static final int BATCH = 2;
    private static final int HEADS = 3;
    private static final int LENGTH = 7;
    private static final int SIZE = 5;
    private static final Shape BY_HEAD = Shape.of(BATCH, HEADS, LENGTH, SIZE);
    private static final Shape BY_POSITION = Shape.of(BATCH, LENGTH, HEADS * SIZE);

    private final RandomValues random = new RandomValues();

    @ParameterizedTest
    @MethodSource("dev.culebra.nn.BackendCase#present")
    void splitHeadsAndMergeHeadsAreInverse(BackendCase backendCase) {
        try (Backend backend = backendCase.open()) {
            ExplicitAttention attention = new ExplicitAttention(backend, HEADS);
            Tensor x = activation(backend, BY_POSITION, random.normal(BY_POSITION));
            Tensor split = attention.splitHeads(x);
            Tensor merged = attention.mergeHeads(split);
            assertEquals(BY_HEAD, split.shape());
            assertEquals(BY_POSITION, merged.shape());
            assertArrayEquals(x.toDoubles(), merged.toDoubles());
            close(x, split, merged);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.nn.BackendCase#present")
    void splitHeadsGivesEachHeadItsColumns(BackendCase backendCase) {
        try (Backend backend = backendCase.open()) {
            Tensor x = activation(backend, BY_POSITION, random.normal(BY_POSITION));
            Tensor split = new ExplicitAttention(backend, HEADS).splitHeads(x);
            double[] in = x.toDoubles();
            double[] out = split.toDoubles();
            assertEquals(in[2 * HEADS * SIZE + SIZE + 3], out[(1 * LENGTH + 2) * SIZE + 3],
                    "splitHeads(x)[0, 1, 2, 3] = x[0, 2, d·1 + 3]");
            for (int b = 0; b < BATCH; b++) {
                for (int h = 0; h < HEADS; h++) {
                    for (int t = 0; t < LENGTH; t++) {
                        for (int j = 0; j < SIZE; j++) {
                            assertEquals(in[(b * LENGTH + t) * HEADS * SIZE + SIZE * h + j],
                                    out[((b * HEADS + h) * LENGTH + t) * SIZE + j]);
                        }
                    }
                }
            }
            close(x, split);
        }
    }

    private static Stream<Arguments> goldens() {
        return BackendCase.present().flatMap(backend -> Stream.of(7, 33).map(t -> Arguments.of(backend, t)));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void weightsAndResultAreThoseOfPyTorch(BackendCase backendCase, int length) {
        double tolerance = backendCase.tolerance(length);
        try (Golden golden = Golden.open("operations/attention_" + length); Backend backend = backendCase.open()) {
            ExplicitAttention attention = new ExplicitAttention(backend, HEADS);
            Tensor queries = activation(backend, golden.shape("q"), golden.doubles("q"));
            Tensor keys = activation(backend, golden.shape("k"), golden.doubles("k"));
            Tensor values = activation(backend, golden.shape("v"), golden.doubles("v"));
            Tensor weights = attention.attentionWeights(queries, keys);
            assertClose("weights", golden.doubles("weights"), weights, tolerance);
            Tensor result = attention.applyAttention(queries, keys, values);
            Tensor byHead = attention.splitHeads(result);
            assertClose("out", golden.doubles("out"), byHead, tolerance);
            close(queries, keys, values, weights, result, byHead);
        }
    }

    /** Masking by -1e4 before the softmax, as the first GPT did, and exact masking agree. */
    @ParameterizedTest
    @MethodSource("dev.culebra.nn.BackendCase#present")
    void exactMaskingAgreesWithSubtracting10000(BackendCase backendCase) {
        try (Backend backend = backendCase.open()) {
            double[] q = random.normal(BY_HEAD);
            double[] k = random.normal(BY_HEAD);
            Tensor queries = activation(backend, BY_HEAD, q);
            Tensor keys = activation(backend, BY_HEAD, k);
            Tensor weights = new ExplicitAttention(backend, HEADS).attentionWeights(queries, keys);
            double[] expected = weightsMaskedBySubtraction(q, k);
            double[] actual = weights.toDoubles();
            assertClose("weights", expected, actual, backendCase.tolerance(SIZE));
            for (int i = 0; i < actual.length; i++) {
                int t = i / LENGTH % LENGTH;
                if (i % LENGTH > t) {
                    assertEquals(0, actual[i], "a weight on a later position");
                    assertEquals(0, expected[i]);
                }
            }
            close(queries, keys, weights);
        }
    }

    private static double[] weightsMaskedBySubtraction(double[] q, double[] k) {
        double[] weights = new double[BATCH * HEADS * LENGTH * LENGTH];
        for (int row = 0; row < BATCH * HEADS * LENGTH; row++) {
            int head = row / LENGTH;
            int t = row % LENGTH;
            double sum = 0;
            for (int tau = 0; tau < LENGTH; tau++) {
                double score = 0;
                for (int j = 0; j < SIZE; j++) {
                    score += q[row * SIZE + j] * k[(head * LENGTH + tau) * SIZE + j];
                }
                weights[row * LENGTH + tau] = Math.exp(score / Math.sqrt(SIZE) - (tau > t ? 1e4 : 0));
                sum += weights[row * LENGTH + tau];
            }
            for (int tau = 0; tau < LENGTH; tau++) {
                weights[row * LENGTH + tau] /= sum;
            }
        }
        return weights;
    }

    @Test
    void theLayerIsTheCompositionOfItsSteps() {
        try (Backend backend = new ReferenceBackend();
                LayerRun<MultiHeadAttention> run = new LayerRun<>(backend,
                        network -> new MultiHeadAttention(network, "a", BY_POSITION, HEADS))) {
            double[] x = random.normal(BY_POSITION);
            ExplicitAttention explicit = new ExplicitAttention(backend, HEADS);
            Tensor queries = explicit.splitHeads(project(run, "a.q_proj", x));
            Tensor keys = explicit.splitHeads(project(run, "a.k_proj", x));
            Tensor values = explicit.splitHeads(project(run, "a.v_proj", x));
            Tensor attended = explicit.applyAttention(queries, keys, values);
            double[] expected = project(run, "a.out_proj", attended.toDoubles()).toDoubles();
            double[] actual = run.infer(Layer::forward, run.input(BY_POSITION, x)).output();
            assertClose("attention", expected, actual, 1e-13);
        }
    }

    /** x Wᵀ + b with the named parameters. */
    private static Tensor project(LayerRun<?> run, String name, double[] x) {
        int width = HEADS * SIZE;
        double[] weight = run.parameters().named(name + ".weight").value().toDoubles();
        double[] bias = run.parameters().named(name + ".bias").value().toDoubles();
        double[] y = new double[x.length];
        for (int i = 0; i < y.length; i++) {
            int row = i / width;
            int column = i % width;
            y[i] = bias[column];
            for (int j = 0; j < width; j++) {
                y[i] += x[row * width + j] * weight[column * width + j];
            }
        }
        return run.input(BY_POSITION, y);
    }

    @Test
    void headsThatDoNotDivideTheWidthAreRefused() {
        try (Backend backend = new ReferenceBackend(); Network network = new Network(backend)) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                    () -> new MultiHeadAttention(network, "a", Shape.of(2, 3, 16), 5));
            assertEquals("5 heads do not divide a width of 16", e.getMessage());
            Tensor x = backend.allocate(backend.activationType(), Shape.of(2, 3, 16));
            assertThrows(IllegalArgumentException.class, () -> new ExplicitAttention(backend, 5).splitHeads(x));
        }
    }

    @Test
    void aCallThatRunsOutOfMemoryFreesWhatItHadMade() {
        try (Backend backend = new ReferenceBackend()) {
            Tensor byPosition = activation(backend, BY_POSITION, random.normal(BY_POSITION));
            Tensor byHead = activation(backend, BY_HEAD, random.normal(BY_HEAD));
            assertFreesWhenOutOfMemory(attention -> attention.splitHeads(byPosition));
            assertFreesWhenOutOfMemory(attention -> attention.mergeHeads(byHead));
            assertFreesWhenOutOfMemory(attention -> attention.attentionWeights(byHead, byHead));
            assertFreesWhenOutOfMemory(attention -> attention.applyAttention(byHead, byHead, byHead));
        }
    }

    /** Every call to the backend fails in turn, until the step has no further one. */
    private static void assertFreesWhenOutOfMemory(Function<ExplicitAttention, Tensor> step) {
        int failing = 1;
        while (failsAndFrees(failing, step)) {
            failing++;
        }
        assertTrue(failing > 3, "a step asks for a type, for memory and for an operation");
    }

    private static boolean failsAndFrees(int failing, Function<ExplicitAttention, Tensor> step) {
        FailingBackend backend = new FailingBackend(failing);
        try {
            step.apply(new ExplicitAttention(backend.backend(), HEADS));
        } catch (OutOfMemoryError e) {
            assertEquals("call " + failing + " to the backend", e.getMessage());
            assertEquals(0, backend.openStorages(), e.getMessage());
            return true;
        }
        assertEquals(1, backend.openStorages(), "the result alone");
        return false;
    }

    @Test
    void aCallThatRefusesATensorFreesWhatItHadMade() {
        FailingBackend failing = new FailingBackend(Integer.MAX_VALUE);
        Backend backend = failing.backend();
        ExplicitAttention attention = new ExplicitAttention(backend, HEADS);
        Tensor byHead = backend.allocate(DataType.F64, BY_HEAD);
        Tensor singles = backend.allocate(DataType.F32, BY_HEAD);
        Tensor longer = backend.allocate(DataType.F64, Shape.of(BATCH, HEADS, LENGTH + 1, SIZE));
        Tensor otherHeads = backend.allocate(DataType.F64, Shape.of(BATCH, HEADS + 1, LENGTH, SIZE));
        assertRefused(() -> attention.splitHeads(singles.reshape(BATCH, LENGTH, HEADS * SIZE)));
        assertRefused(() -> attention.mergeHeads(singles));
        assertRefused(() -> attention.mergeHeads(otherHeads));
        assertRefused(() -> attention.attentionWeights(byHead, longer));
        assertRefused(() -> attention.applyAttention(byHead, byHead, singles));
        assertEquals(4, failing.openStorages(), "the arguments alone");
    }

    private static void assertRefused(Executable call) {
        assertThrows(IllegalArgumentException.class, call);
    }

    private static Tensor activation(Backend backend, Shape shape, double[] values) {
        Tensor tensor = backend.allocate(backend.activationType(), shape);
        tensor.set(values);
        return tensor;
    }

    private static void close(Tensor... tensors) {
        for (Tensor tensor : tensors) {
            tensor.storage().close();
        }
    }
}
