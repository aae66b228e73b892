package dev.culebra.nn;

import java.util.OptionalDouble;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.operation.OptimizerSpec;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Impossible sizes and wrong batches are one clear sentence. */
class ModelInputTest {
    private static final int COUNT = TinyModels.BATCH * TinyModels.LENGTH;

    @Test
    void impossibleSizesAreRefused() {
        assertRefused("12 heads do not divide an embedding width of 100",
                () -> new GptModelSpec(11, 100, 1, 12, 256));
        assertRefused("the number of layers must be positive, but is 0", () -> new LstmModelSpec(11, 768, 0, 512));
        assertRefused("the hidden size must be positive, but is -1", () -> new LstmModelSpec(11, 768, 1, -1));
        assertRefused("the vocabulary size must be positive, but is 0", () -> new GptModelSpec(0, 768, 1, 12, 256));
        assertRefused("the batch size must be positive, but is 0", () -> new ModelOptions(0, 256, 0, false, 42));
        assertRefused("dropout must be at least 0 and below 1, but is 1.0",
                () -> new ModelOptions(16, 256, 1, false, 42));
        assertRefused("gelu is exact or tanh, not fast", () -> Gelu.ofLabel("fast"));
    }

    @Test
    void aSequenceLongerThanThePositionTableIsRefused() {
        try (Backend backend = new ReferenceBackend()) {
            assertRefused("a sequence of 7 tokens needs as many positions, but there are 6",
                    () -> LanguageModel.create(backend, TinyModels.GPT, new ModelOptions(2, 7, 0, false, 42)));
        }
    }

    @Test
    void sizesBeyondAnyTensorAreRefused() {
        try (Backend backend = new ReferenceBackend()) {
            assertTooLarge("a batch of 2 sequences of 1073741824 tokens and LstmModelSpec[vocabulary=7, width=3, "
                    + "layers=2, hiddenSize=4] need a tensor of more than 2147483647 elements",
                    () -> LanguageModel.create(backend, TinyModels.LSTM, new ModelOptions(2, 1 << 30, 0, false, 42)));
            assertTooLarge("a batch of 3 sequences of 5 tokens and LstmModelSpec[vocabulary=1048576, width=4096, "
                    + "layers=1, hiddenSize=4] need a tensor of more than 2147483647 elements",
                    () -> LanguageModel.create(backend, new LstmModelSpec(1 << 20, 1 << 12, 1, 4),
                            TinyModels.options(0, false)));
        }
    }

    private static void assertTooLarge(String message, Executable executable) {
        assertInstanceOf(ArithmeticException.class, assertRefused(message, executable).getCause());
    }

    @Test
    void impossibleSchedulesAndClippingAreRefused() {
        assertRefused("the learning rate must be 0 or more, but is -1.0", () -> LearningRateSchedule.constant(-1));
        assertRefused("the learning rate must be 0 or more, but is NaN",
                () -> LearningRateSchedule.constant(Double.NaN));
        assertRefused("a warm-up of 10 steps leaves none of 10 for the rate to fall in",
                () -> new LearningRateSchedule(LearningRateSchedule.Kind.COSINE, 1, 10, 10));
        try (Backend backend = new ReferenceBackend();
                LanguageModel model = LanguageModel.create(backend, TinyModels.LSTM, TinyModels.options(0, false))) {
            assertRefused("gradients are clipped to a norm above 0, not 0.0", () -> new ModelOptimizer(model,
                    new OptimizerSpec.Sgd(0), LearningRateSchedule.constant(1), OptionalDouble.of(0)).close());
        }
    }

    @Test
    void wrongBatchesAreRefused() {
        try (Backend backend = new ReferenceBackend();
                LanguageModel model = LanguageModel.create(backend, TinyModels.LSTM, TinyModels.options(0, false))) {
            int[] ids = new int[COUNT];
            float[] mask = RandomValues.mask(TinyModels.LENGTH, 5, 5, 5);
            int[] tooLarge = ids.clone();
            tooLarge[7] = 7;
            int[] negative = ids.clone();
            negative[0] = -1;
            assertRefused("token id 7 at sequence 1, position 2 lies outside the vocabulary of 7",
                    () -> model.evaluate(tooLarge, ids, mask));
            assertRefused("target id -1 at sequence 0, position 0 lies outside the vocabulary of 7",
                    () -> model.trainStep(ids, negative, mask, 0));
            assertRefused("14 token ids for a batch of (3, 5)", () -> model.logProbabilities(new int[14]));
            assertRefused("a mask of 1 for a batch of (3, 5)", () -> model.evaluate(ids, ids, new float[1]));
        }
    }

    private static IllegalArgumentException assertRefused(String message, Executable executable) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, executable);
        assertEquals(message, e.getMessage());
        return e;
    }
}
