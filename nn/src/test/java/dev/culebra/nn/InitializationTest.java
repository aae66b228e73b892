package dev.culebra.nn;

import java.util.Arrays;
import java.util.List;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.operation.ParameterRegion;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Initial weights: distributions of PyTorch's defaults, from a stream of their own name, the same everywhere. */
class InitializationTest {
    private static final int PIECE = 1 << 16;

    @ParameterizedTest
    @MethodSource("dev.culebra.nn.BackendCase#present")
    void oneSeedGivesTheSameWeightsOnEveryBackend(BackendCase backendCase) {
        for (ModelSpec spec : TinyModels.ALL) {
            try (Backend reference = new ReferenceBackend();
                    Backend backend = backendCase.open();
                    LanguageModel expected = LanguageModel.create(reference, spec, TinyModels.options(0, true));
                    LanguageModel actual = LanguageModel.create(backend, spec, TinyModels.options(0, false))) {
                for (NamedParameter parameter : expected.parameters().named()) {
                    assertArrayEquals(parameter.value().toDoubles(),
                            actual.parameters().named(parameter.name()).value().toDoubles(), parameter.name());
                }
            }
        }
    }

    @Test
    void anotherSeedGivesOtherWeights() {
        try (Backend backend = new ReferenceBackend();
                LanguageModel model = LanguageModel.create(backend, TinyModels.LSTM, TinyModels.options(0, true))) {
            double[] first = model.parameters().values().toDoubles();
            model.parameters().initialize(43);
            assertFalse(Arrays.equals(first, model.parameters().values().toDoubles()));
            model.parameters().initialize(42);
            assertArrayEquals(first, model.parameters().values().toDoubles());
        }
    }

    @Test
    void distributionsArePyTorchsDefaults() {
        try (Backend backend = new ReferenceBackend();
                LanguageModel lstm = LanguageModel.create(backend, new LstmModelSpec(301, 64, 2, 48),
                        new ModelOptions(1, 1, 0, true, 42));
                LanguageModel gpt = LanguageModel.create(backend, new GptModelSpec(301, 64, 1, 4, 256),
                        new ModelOptions(1, 1, 0, true, 42))) {
            assertUniform(lstm, "lstm.weight_ih_l0", 1 / Math.sqrt(48));
            assertUniform(lstm, "lstm.weight_hh_l1", 1 / Math.sqrt(48));
            assertUniform(lstm, "lstm.bias_hh_l1", 1 / Math.sqrt(48));
            assertUniform(lstm, "classifier.0.weight", 1 / Math.sqrt(48));
            assertUniform(gpt, "layers.0.attention.k_proj.weight", 1 / Math.sqrt(64));
            assertUniform(gpt, "layers.0.attention.out_proj.bias", 1 / Math.sqrt(64));
            assertUniform(gpt, "layers.0.mlp.0.weight", 1 / Math.sqrt(64));
            assertUniform(gpt, "layers.0.mlp.2.weight", 1 / Math.sqrt(256));
            assertTrue(Arrays.stream(values(gpt, "layers.0.norm1.weight")).allMatch(v -> v == 1));
            assertTrue(Arrays.stream(values(gpt, "layers.0.norm2.bias")).allMatch(v -> v == 0));
            assertNormal(values(gpt, "embedding.position.weight"));
            double[] tokens = values(gpt, "embedding.tokens.weight");
            assertTrue(Arrays.stream(tokens, 0, 64).allMatch(v -> v == 0), "the padding row");
            assertNormal(Arrays.copyOfRange(tokens, 64, tokens.length));
        }
    }

    /** SplitMix64's published first numbers from the state 0 are these, so the stream is the documented one. */
    @Test
    void theGeneratorIsTheDocumentedOne() {
        SeededRandom random = SeededRandom.ofState(0);
        assertEquals(0xE220A8397B1DCDAFL, random.nextLong());
        assertEquals(0x6E789E6AA1B965F4L, random.nextLong());
        assertEquals(0x06C45D188009454FL, random.nextLong());
    }

    /** More pieces than the 64 drawn at once, and a short last one; every backend holds the very numbers drawn here. */
    @ParameterizedTest
    @MethodSource("dev.culebra.nn.BackendCase#present")
    void everyPieceOfALargeTensorHasItsOwnStream(BackendCase backendCase) {
        int elements = 65 * PIECE + 7;
        try (Backend backend = backendCase.open(); Network network = new Network(backend)) {
            network.parameters().declare("table", Shape.of(elements), new Initializer.Normal(0.02), false);
            network.parameters().allocate();
            network.parameters().initialize(42);
            double[] values = network.parameters().named("table").value().toDoubles();
            for (int piece = 0; piece <= 65; piece++) {
                int start = piece * PIECE;
                int end = Math.min(start + PIECE, elements);
                assertArrayEquals(normal("table/" + piece, end - start), Arrays.copyOfRange(values, start, end),
                        "piece " + piece);
            }
            assertTrue(Arrays.stream(values).allMatch(v -> v != 0), "nothing is left out");
            assertNormal(values);
        }
    }

    /** The first numbers of a stream, with deviation 0.02, in single precision. */
    private static double[] normal(String stream, int count) {
        SeededRandom random = new SeededRandom(42, stream);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * 0.02);
        }
        return values;
    }

    @Test
    void regionsOfABlockGetTheirOwnStreamsAndGapsStayZero() {
        try (Backend backend = new ReferenceBackend();
                Network packed = new Network(backend);
                Network apart = new Network(backend)) {
            Initializer initializer = new Initializer.Uniform(1);
            Shape shape = Shape.of(3);
            packed.parameters().declare(Shape.of(8),
                    List.of(new ParameterRegion("b", shape, 5), new ParameterRegion("a", shape, 1)), initializer,
                    true);
            packed.parameters().allocate();
            packed.parameters().initialize(42);
            apart.parameters().declare("a", shape, initializer, true);
            apart.parameters().declare("b", shape, initializer, true);
            apart.parameters().allocate();
            apart.parameters().initialize(42);
            for (String name : List.of("a", "b")) {
                assertArrayEquals(apart.parameters().named(name).value().toDoubles(),
                        packed.parameters().named(name).value().toDoubles());
            }
            double[] block = packed.parameters().values().toDoubles();
            assertEquals(0, block[0]);
            assertEquals(0, block[4]);
        }
    }

    private static double[] values(LanguageModel model, String name) {
        return model.parameters().named(name).value().toDoubles();
    }

    private static void assertUniform(LanguageModel model, String name, double bound) {
        double[] values = values(model, name);
        double deviation = bound / Math.sqrt(3);
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        assertTrue(sorted[0] >= (float) -bound && sorted[sorted.length - 1] <= (float) bound, name);
        assertTrue(sorted[0] < -0.9 * bound && sorted[sorted.length - 1] > 0.9 * bound, name);
        assertMoments(values, deviation, name);
    }

    private static void assertNormal(double[] values) {
        assertMoments(values, 0.02, "embedding");
        long beyondTwo = Arrays.stream(values).filter(v -> Math.abs(v) > 0.04).count();
        assertEquals(0.0455, (double) beyondTwo / values.length, 0.006);
    }

    private static void assertMoments(double[] values, double deviation, String name) {
        double mean = Arrays.stream(values).sum() / values.length;
        double variance = Arrays.stream(values).map(v -> v * v).sum() / values.length;
        double standardError = deviation / Math.sqrt(values.length);
        assertEquals(0, mean, 5 * standardError, name + ": mean");
        assertEquals(deviation, Math.sqrt(variance), 5 * standardError, name + ": deviation");
    }
}
