package dev.culebra.nn;

import java.util.Arrays;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The shape checks and parameter counts that the study publishes for any implementation. */
class StudyShapesTest {
    private final RandomValues random = new RandomValues();

    @ParameterizedTest
    @MethodSource("dev.culebra.nn.BackendCase#present")
    void layerNormKeepsTheShapeAndNormalises(BackendCase backendCase) {
        Shape shape = Shape.of(3, 5, 7, 11);
        try (Backend backend = backendCase.open();
                LayerRun<LayerNorm> run = new LayerRun<>(backend, network -> new LayerNorm(network, "norm", shape))) {
            LayerRun.Result result = run.infer(Layer::forward, run.input(shape, random.normal(shape)));
            assertEquals(shape, result.outputShape());
            for (int row = 0; row < 105; row++) {
                double[] values = Arrays.copyOfRange(result.output(), row * 11, row * 11 + 11);
                assertEquals(0, Arrays.stream(values).sum() / 11, 0.01);
                assertEquals(1, Arrays.stream(values).map(v -> v * v).sum() / 11, 0.03);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.nn.BackendCase#present")
    void attentionOf13HeadsOf11(BackendCase backendCase) {
        Shape shape = Shape.of(7, 17, 143);
        try (Backend backend = backendCase.open();
                LayerRun<MultiHeadAttention> run = new LayerRun<>(backend,
                        network -> new MultiHeadAttention(network, "attention", shape, 13))) {
            ExplicitAttention explicit = new ExplicitAttention(backend, 13);
            Tensor queries = run.input(Shape.of(7, 13, 17, 11), random.normal(shape));
            Tensor keys = run.input(Shape.of(7, 13, 17, 11), random.normal(shape));
            Tensor values = run.input(Shape.of(7, 13, 17, 11), random.normal(shape));
            assertShape(Shape.of(7, 13, 17, 17), explicit.attentionWeights(queries, keys));
            assertShape(shape, explicit.applyAttention(queries, keys, values));
            Tensor x = run.input(Shape.of(7, 17, 13 * 23), random.normal(Shape.of(7, 17, 13 * 23)));
            Tensor split = explicit.splitHeads(x);
            assertEquals(Shape.of(7, 13, 17, 23), split.shape());
            assertShape(Shape.of(7, 17, 13 * 23), explicit.mergeHeads(split));
            split.storage().close();

            LayerRun.Result result = run.infer(Layer::forward, run.input(shape, random.normal(shape)));
            assertEquals(shape, result.outputShape());
            assertFinite(result.output());
            assertEquals(4 * 143 * 143 + 4 * 143, run.parameters().learnedElements());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.nn.BackendCase#present")
    void miniGpt(BackendCase backendCase) {
        GptModelSpec spec = new GptModelSpec(11, 13 * 17, 3, 13, 23);
        try (Backend backend = backendCase.open();
                LanguageModel model = LanguageModel.create(backend, spec, new ModelOptions(7, 23, 0, false, 42))) {
            Tensor logProbabilities = model.logProbabilities(random.tokens(11, 7 * 23));
            assertEquals(Shape.of(7, 23, 11), logProbabilities.shape());
            assertSumToOne(logProbabilities, 11);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.nn.BackendCase#present")
    void lstm(BackendCase backendCase) {
        LstmModelSpec spec = new LstmModelSpec(11, 13, 3, 17);
        try (Backend backend = backendCase.open();
                LstmLanguageModel model = (LstmLanguageModel) LanguageModel.create(backend, spec,
                        new ModelOptions(5, 7, 0, false, 42))) {
            Tensor logProbabilities = model.logProbabilities(random.tokens(11, 5 * 7));
            assertEquals(Shape.of(5, 7, 11), logProbabilities.shape());
            assertSumToOne(logProbabilities, 11);
            assertEquals(Shape.of(3, 5, 17), model.finalHidden().shape());
            assertEquals(Shape.of(3, 5, 17), model.finalCell().shape());
            assertFinite(model.finalHidden().toDoubles());
            assertFinite(model.finalCell().toDoubles());
        }
    }

    /** With the study's widths; the frozen embeddings do not count, so a small vocabulary serves. */
    @Test
    void learnableParametersAreAsManyAsTheStudySays() {
        ModelOptions options = new ModelOptions(1, 1, 0, false, 42);
        try (Backend backend = new ReferenceBackend()) {
            try (LanguageModel lstm = LanguageModel.create(backend, new LstmModelSpec(11, 768, 1, 512), options)) {
                assertEquals(3_019_520, lstm.parameters().learnedElements());
            }
            try (LanguageModel one = LanguageModel.create(backend, new GptModelSpec(11, 768, 1, 12, 256), options)) {
                assertEquals(7_087_872, one.parameters().learnedElements());
            }
            try (LanguageModel two = LanguageModel.create(backend, new GptModelSpec(11, 768, 2, 12, 256), options)) {
                assertEquals(2 * 7_087_872, two.parameters().learnedElements());
            }
        }
    }

    private static void assertShape(Shape expected, Tensor tensor) {
        assertEquals(expected, tensor.shape());
        assertFinite(tensor.toDoubles());
        tensor.storage().close();
    }

    private static void assertFinite(double[] values) {
        assertTrue(Arrays.stream(values).allMatch(Double::isFinite));
    }

    private static void assertSumToOne(Tensor logProbabilities, int vocabulary) {
        double[] values = logProbabilities.toDoubles();
        for (int row = 0; row < values.length; row += vocabulary) {
            assertEquals(1, Arrays.stream(values, row, row + vocabulary).map(Math::exp).sum(), 1e-5);
        }
    }
}
