package dev.culebra.nn;

import java.util.stream.Stream;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Every gradient of both models is what central differences of the loss give, in double precision. */
class ModelGradientTest {
    private static final double STEP = 1e-5;

    private static Stream<Arguments> cases() {
        return TinyModels.ALL.stream().flatMap(spec -> Stream.of(0, 0.3)
                .flatMap(dropout -> Stream.of(true, false).map(learned -> Arguments.of(spec, dropout, learned))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsAreCentralDifferencesOfTheLoss(ModelSpec spec, double dropout, boolean learned) {
        int rows = TinyModels.BATCH * TinyModels.LENGTH;
        RandomValues random = new RandomValues();
        int[] tokens = random.tokens(TinyModels.VOCABULARY, rows);
        int[] targets = random.tokens(TinyModels.VOCABULARY, rows);
        float[] mask = RandomValues.mask(TinyModels.LENGTH, 5, 2, 0);
        try (Backend backend = new ReferenceBackend();
                LanguageModel model = LanguageModel.create(backend, spec, TinyModels.options(dropout, learned))) {
            TinyModels.enlarge(model.parameters());
            model.trainStep(tokens, targets, mask, 3);
            double largest = 0;
            for (NamedParameter parameter : model.parameters().named()) {
                if (!parameter.trainable()) {
                    continue;
                }
                // A copy, since the differences below overwrite all gradients.
                model.trainStep(tokens, targets, mask, 3);
                double[] gradient = parameter.gradient().orElseThrow().toDoubles();
                Tensor value = parameter.value();
                double[] values = value.toDoubles();
                for (int i = 0; i < values.length; i++) {
                    double original = values[i];
                    values[i] = original + STEP;
                    value.set(values);
                    double above = model.trainStep(tokens, targets, mask, 3).loss();
                    values[i] = original - STEP;
                    value.set(values);
                    double below = model.trainStep(tokens, targets, mask, 3).loss();
                    values[i] = original;
                    value.set(values);
                    assertEquals((above - below) / (2 * STEP), gradient[i], 1e-8, parameter.name() + "[" + i + "]");
                    largest = Math.max(largest, Math.abs(gradient[i]));
                }
            }
            assertTrue(largest > 0.01, "gradients too small to test: " + largest);
        }
    }
}
