package dev.culebra.nn;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Activation;
import dev.culebra.runtime.operation.LstmSpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.culebra.nn.Closeness.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Layers give PyTorch's values and gradients, forwards and backwards, on every backend. */
class LayerGoldenTest {
    private static Stream<Arguments> linears() {
        return BackendCase.present()
                .flatMap(backend -> Stream.of(Activation.values()).map(a -> Arguments.of(backend, a)));
    }

    @ParameterizedTest
    @MethodSource("linears")
    void linear(BackendCase backendCase, Activation activation) {
        String name = "operations/linear_" + activation.name().toLowerCase(Locale.ROOT);
        double tolerance = backendCase.tolerance(33);
        try (Golden golden = Golden.open(name);
                Backend backend = backendCase.open();
                LayerRun<Linear> run = new LayerRun<>(backend,
                        network -> new Linear(network, "linear", golden.shape("x"), 31, activation))) {
            LayerRun.Result result = trainAsLayer(run, golden, "linear");
            assertClose("y", golden.doubles("y"), result.output(), tolerance);
            assertClose("dx", golden.doubles("dx"), result.inputGradient(), tolerance);
            assertGradient(golden, run, "linear", "weight", tolerance);
            assertGradient(golden, run, "linear", "bias", tolerance);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.nn.BackendCase#present")
    void layerNorm(BackendCase backendCase) {
        double tolerance = backendCase.tolerance(105);
        try (Golden golden = Golden.open("operations/layer_norm");
                Backend backend = backendCase.open();
                LayerRun<LayerNorm> run = new LayerRun<>(backend,
                        network -> new LayerNorm(network, "norm", golden.shape("x")))) {
            LayerRun.Result result = trainAsLayer(run, golden, "norm");
            assertEquals(golden.shape("y"), result.outputShape());
            assertClose("y", golden.doubles("y"), result.output(), tolerance);
            assertClose("dx", golden.doubles("dx"), result.inputGradient(), tolerance);
            assertGradient(golden, run, "norm", "weight", tolerance);
            assertGradient(golden, run, "norm", "bias", tolerance);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.nn.BackendCase#present")
    void layerNormOfSum(BackendCase backendCase) {
        double tolerance = backendCase.tolerance(105);
        try (Golden golden = Golden.open("operations/layer_norm_residual");
                Backend backend = backendCase.open();
                LayerRun<LayerNorm> run = new LayerRun<>(backend,
                        network -> LayerNorm.ofSum(network, "norm", golden.shape("x")))) {
            copyParameters(golden, run, "norm");
            Tensor residual = run.input(golden.shape("residual"), golden.doubles("residual"));
            LayerRun.Result result = run.train((norm, x) -> norm.forward(x, residual), Layer::backward,
                    run.input(golden.shape("x"), golden.doubles("x")), golden.doubles("dy"));
            assertClose("y", golden.doubles("y"), result.output(), tolerance);
            assertClose("dx", golden.doubles("dx"), result.inputGradient(), tolerance);
            assertClose("dresidual", golden.doubles("dresidual"), result.inputGradient(), tolerance);
            assertGradient(golden, run, "norm", "weight", tolerance);
            assertGradient(golden, run, "norm", "bias", tolerance);
        }
    }

    private static Stream<Arguments> lstms() {
        return BackendCase.present().flatMap(backend -> Stream.of(1, 3).map(layers -> Arguments.of(backend, layers)));
    }

    @ParameterizedTest
    @MethodSource("lstms")
    void lstm(BackendCase backendCase, int layers) {
        double tolerance = backendCase.tolerance(35 * 17 * layers);
        Function<Network, Lstm> constructor = network -> new Lstm(network, "lstm",
                new LstmSpec(5, 7, 13, 17, layers, 0, 42));
        try (Golden golden = Golden.open("operations/lstm_" + layers);
                Backend backend = backendCase.open();
                LayerRun<Lstm> run = new LayerRun<>(backend, constructor)) {
            LayerRun.Result result = trainAsLayer(run, golden, "lstm");
            assertClose("y", golden.doubles("y"), result.output(), tolerance);
            assertClose("dx", golden.doubles("dx"), result.inputGradient(), tolerance);
            assertEquals(golden.shape("h_n"), run.layer().finalHidden().shape());
            assertClose("h_n", golden.doubles("h_n"), run.layer().finalHidden(), tolerance);
            assertClose("c_n", golden.doubles("c_n"), run.layer().finalCell(), tolerance);
            assertEquals(4 * layers, run.parameters().named().size());
            for (NamedParameter parameter : run.parameters().named()) {
                String name = parameter.name().substring("lstm.".length());
                assertClose("d" + name, golden.doubles("d" + name), parameter.gradient().orElseThrow(), tolerance);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.nn.BackendCase#present")
    void embedding(BackendCase backendCase) {
        double tolerance = backendCase.tolerance(21);
        ModelOptions options = new ModelOptions(3, 7, 0, true, 42);
        GptModelSpec spec = new GptModelSpec(11, 13, 1, 1, 9);
        try (Golden golden = Golden.open("operations/embedding");
                Backend backend = backendCase.open();
                LayerRun<Embedding> run = new LayerRun<>(backend,
                        network -> Embedding.ofTokensAndPositions(network, "embedding", spec, options))) {
            NamedParameter tokenTable = run.parameters().named("embedding.tokens.weight");
            NamedParameter positionTable = run.parameters().named("embedding.position.weight");
            golden.copyTo("token_table", tokenTable.value());
            golden.copyTo("position_table", positionTable.value());
            Tensor tokens = backend.allocate(DataType.I32, golden.shape("tokens"));
            tokens.set(golden.ints("tokens"));
            // What the tied classifier would have written; the look-ups' gradient comes on top.
            double[] before = new double[11 * 13];
            Arrays.fill(before, 0.5);
            tokenTable.gradient().orElseThrow().set(before);
            LayerRun.Result result = run.train((layer, _) -> layer.forward(tokens), (layer, gradient) -> {
                layer.backward(gradient);
                return layer.forward(tokens);
            }, tokens, golden.doubles("dy"));
            assertClose("y", golden.doubles("y"), result.output(), tolerance);
            double[] expected = golden.doubles("dtoken_table");
            for (int i = 0; i < expected.length; i++) {
                expected[i] += 0.5;
            }
            assertClose("dtoken_table", expected, tokenTable.gradient().orElseThrow(), tolerance);
            assertClose("dposition_table", golden.doubles("dposition_table"),
                    positionTable.gradient().orElseThrow(), tolerance);
            tokens.storage().close();
        }
    }

    private static <L extends Layer> LayerRun.Result trainAsLayer(LayerRun<L> run, Golden golden, String prefix) {
        copyParameters(golden, run, prefix);
        return run.train(Layer::forward, Layer::backward, run.input(golden.shape("x"), golden.doubles("x")),
                golden.doubles("dy"));
    }

    private static void copyParameters(Golden golden, LayerRun<?> run, String prefix) {
        for (NamedParameter parameter : run.parameters().named()) {
            golden.copyTo(parameter.name().substring(prefix.length() + 1), parameter.value());
        }
    }

    private static void assertGradient(Golden golden, LayerRun<?> run, String prefix, String name, double tolerance) {
        assertClose("d" + name, golden.doubles("d" + name),
                run.parameters().named(prefix + "." + name).gradient().orElseThrow(), tolerance);
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.nn.BackendCase#present")
    void inferenceGivesTheSameValuesAsTraining(BackendCase backendCase) {
        try (Golden golden = Golden.open("operations/linear_gelu");
                Backend backend = backendCase.open();
                LayerRun<Linear> run = new LayerRun<>(backend,
                        network -> new Linear(network, "linear", Shape.of(7, 33), 31, Activation.GELU))) {
            copyParameters(golden, run, "linear");
            LayerRun.Result result = run.infer(Layer::forward, run.input(golden.shape("x"), golden.doubles("x")));
            assertClose("y", golden.doubles("y"), result.output(), backendCase.tolerance(33));
        }
    }
}
