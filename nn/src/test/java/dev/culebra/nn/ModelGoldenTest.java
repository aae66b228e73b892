package dev.culebra.nn;

import java.util.List;
import java.util.stream.Stream;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.culebra.nn.Closeness.assertClose;
import static dev.culebra.nn.Closeness.largest;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Both models give PyTorch's log-probabilities, loss, states and every gradient, on every backend. */
class ModelGoldenTest {
    private static Stream<Arguments> cases() {
        return BackendCase.present().flatMap(backend -> Stream.of("lstm", "gpt1", "gpt1_tanh")
                .flatMap(model -> Stream.of(true, false).map(learned -> Arguments.of(backend, model, learned))));
    }

    @ParameterizedTest(name = "{0} {1} learned embeddings {2}")
    @MethodSource("cases")
    void agreesWithPyTorch(BackendCase backendCase, String file, boolean learned) {
        double tolerance = backendCase.modelTolerance();
        try (Golden golden = Golden.open("models/" + file);
                Backend backend = backendCase.open();
                LanguageModel model = model(backend, golden, learned)) {
            model.poisonFreed();
            int[] tokens = golden.ints("tokens");
            int[] targets = golden.ints("targets");
            float[] mask = golden.floats("mask");

            BatchLoss loss = model.trainStep(tokens, targets, mask, 0);
            assertClose("loss", golden.scalar("loss"), loss.loss(), tolerance);
            assertClose("nll_sum", golden.scalar("nll_sum"), loss.nllSum(), tolerance);
            assertEquals(golden.ints("token_count")[0], loss.tokens());
            List<String> onlyIfLearned = List.of(golden.metadata("gradient_if_learned").split(" "));
            double leastScale = model.parameters().named().stream()
                    .mapToDouble(p -> largest(golden.doubles("gradient/" + p.name()))).max().orElseThrow() / 100;
            for (NamedParameter parameter : model.parameters().named()) {
                String name = parameter.name();
                assertEquals(learned || !onlyIfLearned.contains(name), parameter.trainable());
                parameter.gradient().ifPresent(gradient -> assertClose(name, golden.doubles("gradient/" + name),
                        gradient.toDoubles(), tolerance, leastScale));
            }

            BatchLoss evaluated = model.evaluate(tokens, targets, mask);
            assertClose("evaluated loss", golden.scalar("loss"), evaluated.loss(), tolerance);
            assertClose("evaluated nll_sum", golden.scalar("nll_sum"), evaluated.nllSum(), tolerance);

            Tensor logProbabilities = model.logProbabilities(tokens);
            assertEquals(golden.shape("log_probabilities"), logProbabilities.shape());
            assertClose("log_probabilities", golden.doubles("log_probabilities"), logProbabilities, tolerance);
            if (model instanceof LstmLanguageModel lstm) {
                assertEquals(golden.shape("state/h"), lstm.finalHidden().shape());
                assertClose("h", golden.doubles("state/h"), lstm.finalHidden(), tolerance);
                assertClose("c", golden.doubles("state/c"), lstm.finalCell(), tolerance);
            }
        }
    }

    private static LanguageModel model(Backend backend, Golden golden, boolean learned) {
        Shape batch = golden.shape("tokens");
        int layers = Integer.parseInt(golden.metadata("layers"));
        ModelSpec spec = golden.metadata("model").equals("lstm")
                ? new LstmModelSpec(11, 13, layers, 17)
                : new GptModelSpec(11, 12, layers, Integer.parseInt(golden.metadata("heads")), 12, 48,
                        Gelu.ofLabel(golden.metadata("gelu")));
        LanguageModel model = LanguageModel.create(backend, spec,
                new ModelOptions(batch.size(0), batch.size(1), 0, learned, 42));
        for (NamedParameter parameter : model.parameters().named()) {
            golden.copyTo("weight/" + parameter.name(), parameter.value());
        }
        return model;
    }
}
