package dev.culebra.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.operation.OptimizerSpec;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.culebra.nn.Closeness.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** A step in one piece is what its parts are, one after another. */
class TrainingStepTest {
    private static final int B = TinyModels.BATCH;
    private static final int T = TinyModels.LENGTH;
    private static final int STEPS = 7;

    private final RandomValues random = new RandomValues();
    private final int[] tokens = random.tokens(TinyModels.VOCABULARY, B * T);
    private final int[] targets = random.tokens(TinyModels.VOCABULARY, B * T);

    /** Every optimiser in the precision that is nearest to the reference's, and one in the others: they update alike. */
    private static Stream<Arguments> cases() {
        OptimizerSpec adamW = new OptimizerSpec.AdamW(0.9, 0.999, 1e-8, 0.1);
        List<OptimizerSpec> all = List.of(new OptimizerSpec.Sgd(0.1), new OptimizerSpec.Momentum(0.9, 0.1),
                new OptimizerSpec.Adam(0.9, 0.999, 1e-8, 0), adamW);
        return BackendCase.present().flatMap(backend -> TinyModels.ALL.stream()
                .flatMap(spec -> (isNarrow(backend.precision()) ? List.of(adamW) : all).stream()
                        .map(optimizer -> Arguments.of(backend, spec, optimizer))));
    }

    private static boolean isNarrow(Precision precision) {
        return precision == Precision.BF16 || precision == Precision.TF32;
    }

    /** Every step has its mask, its learning rate and its dropout; an evaluation in between plans memory anew. */
    @ParameterizedTest
    @MethodSource("cases")
    void stepsAreTheirPartsOneAfterAnother(BackendCase backendCase, ModelSpec spec, OptimizerSpec optimizerSpec) {
        try (Backend backend = backendCase.open();
                LanguageModel whole = model(backend, spec);
                LanguageModel parts = model(backend, spec);
                ModelOptimizer optimizerOfWhole = optimizer(whole, optimizerSpec);
                ModelOptimizer optimizerOfParts = optimizer(parts, optimizerSpec);
                TrainingStep step = new TrainingStep(whole, optimizerOfWhole)) {
            List<BatchLoss> expected = new ArrayList<>();
            List<BatchLoss> actual = new ArrayList<>();
            for (int number = 0; number < STEPS; number++) {
                float[] mask = RandomValues.mask(T, T, 1 + number % T, number % 3 == 2 ? 0 : T);
                step.run(tokens, targets, mask);
                expected.add(parts.trainStep(tokens, targets, mask, number));
                optimizerOfParts.update();
                if (number == 3) {
                    actual.addAll(step.losses());
                    assertEquals(parts.evaluate(tokens, targets, mask), whole.evaluate(tokens, targets, mask));
                }
            }
            actual.addAll(step.losses());
            assertEquals(STEPS, optimizerOfWhole.step());
            assertLosses(expected, actual);
            assertArrayEquals(parts.parameters().values().toDoubles(), whole.parameters().values().toDoubles());
        }
    }

    /** Sums of the same single-precision losses, made in double precision in whatever order. */
    private static void assertLosses(List<BatchLoss> expected, List<BatchLoss> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).tokens(), actual.get(i).tokens());
            assertClose("loss " + i, expected.get(i).loss(), actual.get(i).loss(), 1e-13);
            assertClose("sum " + i, expected.get(i).nllSum(), actual.get(i).nllSum(), 1e-13);
        }
    }

    @Test
    void noLossIsForgottenHoweverLateItIsAskedFor() {
        int steps = 600;
        float[] mask = RandomValues.mask(T, T, T, T);
        OptimizerSpec sgd = new OptimizerSpec.Sgd(0);
        try (Backend backend = new ReferenceBackend();
                LanguageModel late = model(backend, TinyModels.LSTM);
                LanguageModel early = model(backend, TinyModels.LSTM);
                ModelOptimizer optimizerOfLate = optimizer(late, sgd);
                ModelOptimizer optimizerOfEarly = optimizer(early, sgd);
                TrainingStep lateStep = new TrainingStep(late, optimizerOfLate);
                TrainingStep earlyStep = new TrainingStep(early, optimizerOfEarly)) {
            List<BatchLoss> losses = new ArrayList<>();
            for (int number = 0; number < steps; number++) {
                lateStep.run(tokens, targets, mask);
                earlyStep.run(tokens, targets, mask);
                losses.addAll(earlyStep.losses());
            }
            assertEquals(losses, lateStep.losses());
            assertEquals(List.of(), lateStep.losses());
        }
    }

    @Test
    void stepsThatSomebodyElseMakesInBetweenAreNotTakenForItsOwn() {
        float[] mask = RandomValues.mask(T, T, T, T);
        try (Backend backend = new ReferenceBackend();
                LanguageModel model = model(backend, TinyModels.LSTM);
                ModelOptimizer optimizer = optimizer(model, new OptimizerSpec.Sgd(0));
                TrainingStep step = new TrainingStep(model, optimizer)) {
            step.run(tokens, targets, mask);
            BatchLoss other = model.trainStep(tokens, targets, mask, 1);
            optimizer.update();
            assertThrows(IllegalStateException.class, () -> step.run(tokens, targets, mask));
            assertNotEquals(List.of(other), step.losses());
            step.run(tokens, targets, mask);
            assertEquals(1, step.losses().size());
        }
    }

    private static LanguageModel model(Backend backend, ModelSpec spec) {
        LanguageModel model = LanguageModel.create(backend, spec, TinyModels.options(0.3, true));
        TinyModels.enlarge(model.parameters());
        return model;
    }

    private static ModelOptimizer optimizer(LanguageModel model, OptimizerSpec spec) {
        return new ModelOptimizer(model, spec, new LearningRateSchedule(LearningRateSchedule.Kind.COSINE, 0.01, 2, 600),
                OptionalDouble.of(0.5));
    }
}
