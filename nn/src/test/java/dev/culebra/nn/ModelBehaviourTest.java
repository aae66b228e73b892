package dev.culebra.nn;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.operation.OptimizerSpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.culebra.nn.Closeness.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a language model promises beyond its formulas: causality, padding, frozen tables, memory that is its own. */
class ModelBehaviourTest {
    private static final int V = TinyModels.VOCABULARY;
    private static final int B = TinyModels.BATCH;
    private static final int T = TinyModels.LENGTH;

    private final RandomValues random = new RandomValues();
    private final int[] tokens = random.tokens(V, B * T);
    private final int[] targets = random.tokens(V, B * T);
    private final float[] full = RandomValues.mask(T, T, T, T);

    static Stream<Arguments> models() {
        return BackendCase.present()
                .flatMap(backend -> TinyModels.ALL.stream().map(spec -> Arguments.of(backend, spec)));
    }

    @ParameterizedTest
    @MethodSource("models")
    void aChangeAtAPositionChangesNothingBeforeIt(BackendCase backendCase, ModelSpec spec) {
        try (Backend backend = backendCase.open(); LanguageModel model = model(backend, spec, 0, false)) {
            double[] before = model.logProbabilities(tokens).toDoubles();
            for (int position = 0; position < T; position++) {
                int[] changed = tokens.clone();
                changed[T + position] = tokens[T + position] % (V - 1) + 1;
                double[] after = model.logProbabilities(changed).toDoubles();
                int start = (T + position) * V;
                assertArrayEquals(Arrays.copyOf(before, start), Arrays.copyOf(after, start));
                assertArrayEquals(Arrays.copyOfRange(before, 2 * T * V, before.length),
                        Arrays.copyOfRange(after, 2 * T * V, after.length));
                assertNotEquals(before[start], after[start]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void paddedPositionsChangeNothing(BackendCase backendCase, ModelSpec spec) {
        float[] mask = RandomValues.mask(T, 4, 2, 0);
        try (Backend backend = backendCase.open(); LanguageModel model = model(backend, spec, 0, true)) {
            int[] otherTokens = tokens.clone();
            int[] otherTargets = targets.clone();
            for (int i = 0; i < mask.length; i++) {
                if (mask[i] == 0) {
                    otherTokens[i] = 0;
                    otherTargets[i] = 0;
                }
            }
            BatchLoss loss = model.trainStep(tokens, targets, mask, 0);
            Map<String, double[]> gradients = gradients(model);
            assertEquals(6, loss.tokens());
            assertEquals(loss, model.trainStep(otherTokens, otherTargets, mask, 0));
            assertSame(gradients, gradients(model));
            assertEquals(model.evaluate(tokens, targets, mask), model.evaluate(otherTokens, otherTargets, mask));
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void aSmallerBatchIsOneWhoseOtherSequencesAreMasked(BackendCase backendCase, ModelSpec spec) {
        double tolerance = backendCase.modelTolerance();
        float[] twoSequences = RandomValues.mask(T, T, 3, 0);
        ModelOptions two = new ModelOptions(2, T, 0, true, 42);
        try (Backend backend = backendCase.open();
                LanguageModel model = model(backend, spec, 0, true);
                LanguageModel smaller = LanguageModel.create(backend, spec, two)) {
            TinyModels.enlarge(smaller.parameters());
            BatchLoss loss = model.trainStep(tokens, targets, twoSequences, 0);
            BatchLoss same = smaller.trainStep(Arrays.copyOf(tokens, 2 * T), Arrays.copyOf(targets, 2 * T),
                    Arrays.copyOf(twoSequences, 2 * T), 0);
            assertClose("loss", loss.loss(), same.loss(), tolerance);
            assertClose("nll", loss.nllSum(), same.nllSum(), tolerance);
            assertEquals(loss.tokens(), same.tokens());
            Map<String, double[]> gradients = gradients(model);
            gradients(smaller).forEach(
                    (name, gradient) -> assertClose(name, gradients.get(name), gradient, tolerance, 0.1));
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void theLossOfAllLogProbabilitiesIsTheFusedOne(BackendCase backendCase, ModelSpec spec) {
        float[] mask = RandomValues.mask(T, 5, 1, 3);
        try (Backend backend = backendCase.open(); LanguageModel model = model(backend, spec, 0, false)) {
            double explicit = CrossEntropy.loss(model.logProbabilities(tokens), targets, mask);
            double tolerance = backendCase.modelTolerance();
            assertClose("evaluation", explicit, model.evaluate(tokens, targets, mask).loss(), tolerance);
            assertClose("training", explicit, model.trainStep(tokens, targets, mask, 0).loss(), tolerance);
        }
    }

    /** Dropout, tables frozen or learned, training and evaluation in turn: whoever read freed memory would read NaN. */
    @ParameterizedTest
    @MethodSource("models")
    void poisonedMemoryChangesNothing(BackendCase backendCase, ModelSpec spec) {
        poisonedMemoryChangesNothing(backendCase, spec, true);
        poisonedMemoryChangesNothing(backendCase, spec, false);
    }

    private void poisonedMemoryChangesNothing(BackendCase backendCase, ModelSpec spec, boolean learned) {
        try (Backend backend = backendCase.open();
                LanguageModel clean = model(backend, spec, 0.3, learned);
                LanguageModel poisoned = model(backend, spec, 0.3, learned)) {
            poisoned.poisonFreed();
            for (int step = 0; step < 3; step++) {
                assertEquals(clean.trainStep(tokens, targets, full, step),
                        poisoned.trainStep(tokens, targets, full, step));
                assertSame(gradients(clean), gradients(poisoned));
                assertEquals(clean.evaluate(tokens, targets, full), poisoned.evaluate(tokens, targets, full));
                assertArrayEquals(clean.logProbabilities(tokens).toDoubles(),
                        poisoned.logProbabilities(tokens).toDoubles());
            }
        }
    }

    /** Nothing else depends on whether the tables learn, though less is computed where they do not. */
    @ParameterizedTest
    @MethodSource("models")
    void frozenTablesLeaveTheOtherGradientsAsTheyAre(BackendCase backendCase, ModelSpec spec) {
        try (Backend backend = backendCase.open();
                LanguageModel learned = model(backend, spec, 0.3, true);
                LanguageModel frozen = model(backend, spec, 0.3, false)) {
            learned.trainStep(tokens, targets, full, 0);
            frozen.trainStep(tokens, targets, full, 0);
            for (NamedParameter parameter : frozen.parameters().named()) {
                parameter.gradient().ifPresent(gradient -> assertArrayEquals(
                        learned.parameters().named(parameter.name()).gradient().orElseThrow().toDoubles(),
                        gradient.toDoubles(), parameter.name()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void dropoutDependsOnTheStepAndNotOnWhatCameBefore(BackendCase backendCase, ModelSpec spec) {
        try (Backend backend = backendCase.open(); LanguageModel model = model(backend, spec, 0.3, false)) {
            BatchLoss first = model.trainStep(tokens, targets, full, 0);
            assertNotEquals(first, model.trainStep(tokens, targets, full, 1));
            assertEquals(first, model.trainStep(tokens, targets, full, 0));
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void evaluationDropsNothingAndLeavesGradientsAlone(BackendCase backendCase, ModelSpec spec) {
        try (Backend backend = backendCase.open();
                LanguageModel model = model(backend, spec, 0.3, false);
                LanguageModel withoutDropout = model(backend, spec, 0, false)) {
            model.trainStep(tokens, targets, full, 0);
            Map<String, double[]> gradients = gradients(model);
            assertEquals(withoutDropout.evaluate(tokens, targets, full), model.evaluate(tokens, targets, full));
            assertSame(gradients, gradients(model));
        }
    }

    /** Wider ones, in which a rectified unit that dies leaves others. */
    static Stream<Arguments> widerModels() {
        return BackendCase.present().flatMap(backend -> Stream
                .of(new LstmModelSpec(V, 16, 1, 16), new GptModelSpec(V, 16, 1, 2, T))
                .map(spec -> Arguments.of(backend, spec)));
    }

    @ParameterizedTest
    @MethodSource("widerModels")
    void trainingLearnsTheBatchAndLeavesFrozenTablesAlone(BackendCase backendCase, ModelSpec spec) {
        try (Backend backend = backendCase.open(); LanguageModel model = model(backend, spec, 0, false)) {
            double[] table = model.tokenEmbedding().toDoubles();
            try (ModelOptimizer optimizer = new ModelOptimizer(model,
                    new OptimizerSpec.AdamW(0.9, 0.999, 1e-8, 5e-4), LearningRateSchedule.constant(0.01),
                    OptionalDouble.of(1))) {
                double first = model.trainStep(tokens, targets, full, 0).loss();
                for (int step = 0; step < 30; step++) {
                    model.trainStep(tokens, targets, full, step);
                    optimizer.update();
                }
                double last = model.evaluate(tokens, targets, full).loss();
                assertTrue(last < 0.5 * first, "the loss went from " + first + " to " + last);
            }
            assertArrayEquals(table, model.tokenEmbedding().toDoubles());
        }
    }

    private static LanguageModel model(Backend backend, ModelSpec spec, double dropout, boolean learned) {
        LanguageModel model = LanguageModel.create(backend, spec, TinyModels.options(dropout, learned));
        TinyModels.enlarge(model.parameters());
        return model;
    }

    private static Map<String, double[]> gradients(LanguageModel model) {
        Map<String, double[]> gradients = new TreeMap<>();
        for (NamedParameter parameter : model.parameters().named()) {
            parameter.gradient().ifPresent(gradient -> gradients.put(parameter.name(), gradient.toDoubles()));
        }
        return gradients;
    }

    private static void assertSame(Map<String, double[]> expected, Map<String, double[]> actual) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, values) -> assertArrayEquals(values, actual.get(name), name));
    }
}
