package dev.culebra.nn.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

import dev.culebra.nn.Gelu;
import dev.culebra.nn.GptModelSpec;
import dev.culebra.nn.LanguageModel;
import dev.culebra.nn.LstmModelSpec;
import dev.culebra.nn.ModelOptions;
import dev.culebra.nn.ModelSpec;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

/**
 * GPT-1 in the layout of Hugging Face's transformers: what is read, what is left alone, and what is refused. The file is
 * that of tools/parity/gpt1_goldens.py.
 */
class OpenAiGptLayoutTest {
    private static final int WIDTH = 24;
    private static final GptModelSpec SPEC = new GptModelSpec(98, WIDTH, 2, 3, 16, 4 * WIDTH, Gelu.TANH);
    private static final String PREFIX = "transformer.";

    @TempDir
    private Path folder;

    @AutoClose
    private final Backend backend = new ReferenceBackend();

    /** The file's tensors without their prefix, as the published GPT-1 has them. */
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    @BeforeEach
    void readTensors() throws IOException {
        Path original = folder.resolve("original.safetensors");
        try (InputStream stream = OpenAiGptLayoutTest.class.getResourceAsStream("/gpt1/model.safetensors")) {
            assertNotNull(stream);
            Files.copy(stream, original, StandardCopyOption.REPLACE_EXISTING);
        }
        try (SafetensorsReader reader = SafetensorsReader.open(original)) {
            for (TensorEntry entry : reader.entries()) {
                Tensor tensor = backend.allocate(DataType.F32, entry.shape());
                reader.read(entry.name(), tensor);
                tensors.put(entry.name().substring(PREFIX.length()), tensor);
            }
        }
    }

    @Test
    void everyWeightIsWhereMiniGpt1WantsIt() throws IOException {
        Map<String, double[]> loaded = load(write(Map.of(), tensors), SPEC);
        double[] tokens = loaded.get("embedding.tokens.weight");
        assertArrayEquals(new double[WIDTH], Arrays.copyOf(tokens, WIDTH));
        assertArrayEquals(stored("tokens_embed.weight"), Arrays.copyOfRange(tokens, WIDTH, tokens.length));
        assertArrayEquals(stored("positions_embed.weight"), loaded.get("embedding.position.weight"));
        for (int i = 0; i < 2; i++) {
            List<String> projections = List.of("q_proj", "k_proj", "v_proj");
            for (int part = 0; part < projections.size(); part++) {
                assertColumns("h." + i + ".attn.c_attn", 3 * WIDTH, part * WIDTH, loaded,
                        "layers." + i + ".attention." + projections.get(part));
            }
            assertColumns("h." + i + ".attn.c_proj", WIDTH, 0, loaded, "layers." + i + ".attention.out_proj");
            assertColumns("h." + i + ".mlp.c_fc", 4 * WIDTH, 0, loaded, "layers." + i + ".mlp.0");
            assertColumns("h." + i + ".mlp.c_proj", WIDTH, 0, loaded, "layers." + i + ".mlp.2");
            for (String kind : List.of("weight", "bias")) {
                assertArrayEquals(stored("h." + i + ".ln_1." + kind), loaded.get("layers." + i + ".norm1." + kind));
                assertArrayEquals(stored("h." + i + ".ln_2." + kind), loaded.get("layers." + i + ".norm2." + kind));
            }
        }
    }

    /** Checks weight[i, j] = stored[j, first + i] and bias[i] = stored[first + i]. */
    private void assertColumns(String stored, int columns, int first, Map<String, double[]> loaded, String name) {
        double[] weight = loaded.get(name + ".weight");
        double[] bias = loaded.get(name + ".bias");
        double[] storedWeight = stored(stored + ".weight");
        double[] storedBias = stored(stored + ".bias");
        int in = storedWeight.length / columns;
        assertEquals(weight.length, bias.length * in);
        for (int i = 0; i < bias.length; i++) {
            assertEquals(storedBias[first + i], bias[i]);
            for (int j = 0; j < in; j++) {
                assertEquals(storedWeight[j * columns + first + i], weight[i * in + j], name);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", PREFIX})
    void masksPositionNumbersAndATiedClassifierAreLeftAlone(String prefix) throws IOException {
        Map<String, double[]> expected = load(write(Map.of(), tensors), SPEC);
        Map<String, Tensor> more = prefixed(prefix, tensors);
        more.put(prefix + "h.0.attn.bias", filled(Shape.of(1, 1, 16, 16), 1));
        more.put(prefix + "h.1.attn.bias", filled(Shape.of(1, 1, 16, 16), 1));
        more.put(prefix + "position_ids", filled(Shape.of(16), 3));
        more.put("lm_head.weight", tensors.get("tokens_embed.weight"));
        assertSame(expected, load(write(Map.of(), more), SPEC));
    }

    @ParameterizedTest
    @MethodSource("otherClassifiers")
    void aClassifierOfItsOwnIsRefused(Shape shape) throws IOException {
        tensors.put("lm_head.weight", filled(shape, 1));
        assertNotLoaded("extra: lm_head.weight");
    }

    private static Stream<Shape> otherClassifiers() {
        return Stream.of(Shape.of(97, WIDTH), Shape.of(98, WIDTH));
    }

    @Test
    void narrowerNumbersAreRead() throws IOException {
        Map<String, Tensor> narrow = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            Tensor rounded = backend.allocate(DataType.BF16, tensor.shape());
            rounded.set(tensor.toDoubles());
            narrow.put(name, rounded);
        });
        Map<String, double[]> loaded = load(write(Map.of(), narrow), SPEC);
        tensors.putAll(narrow);
        assertColumns("h.1.attn.c_attn", 3 * WIDTH, 2 * WIDTH, loaded, "layers.1.attention.v_proj");
        assertColumns("h.1.mlp.c_proj", WIDTH, 0, loaded, "layers.1.mlp.2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", PREFIX})
    void missingTensorsAreToldByTheirNamesInTheFile(String prefix) throws IOException {
        Map<String, Tensor> fewer = prefixed(prefix, tensors);
        fewer.remove(prefix + "h.0.attn.c_attn.weight");
        fewer.remove(prefix + "h.1.ln_2.bias");
        Path file = write(Map.of(), fewer);
        assertRefused(file, "its tensors are not those of this model; missing: " + prefix + "h.0.attn.c_attn.weight, "
                + prefix + "h.1.ln_2.bias", () -> load(file, SPEC));
    }

    @Test
    void extraTensorsAndThoseOfAnotherShapeAreTold() throws IOException {
        tensors.put("h.0.attn.c_attn.weight", filled(Shape.of(WIDTH, 71), 1));
        tensors.put("h.1.mlp.c_proj.bias", filled(Shape.of(7), 1));
        tensors.put("multiple_choice_head.summary.weight", filled(Shape.of(1), 1));
        assertNotLoaded("extra: multiple_choice_head.summary.weight; of another shape: h.0.attn.c_attn.weight (24, 71) "
                + "instead of (24, 72); of another shape: h.1.mlp.c_proj.bias (7) instead of (24)");
    }

    @Test
    void aModelOfOtherSizesIsTold() throws IOException {
        Path file = write(Map.of(), tensors);
        GptModelSpec fewer = new GptModelSpec(97, WIDTH, 2, 3, 16, 4 * WIDTH, Gelu.TANH);
        assertRefused(file, "its tensors are not those of this model; of another shape: tokens_embed.weight (97, 24) "
                + "instead of (96, 24)", () -> load(file, fewer));
        SafetensorsException lstm = assertThrows(SafetensorsException.class,
                () -> load(file, new LstmModelSpec(98, WIDTH, 1, 4)));
        assertEquals(file
                + ": its tensors are not those of this model; missing: classifier.0.bias, classifier.0.weight, "
                + "embedding.weight, lstm.bias_hh_l0, lstm.bias_ih_l0, lstm.weight_hh_l0, lstm.weight_ih_l0; extra: "
                + String.join(", ", tensors.keySet().stream().sorted().toList()), lstm.getMessage());
    }

    @Test
    void theHeadsAreThoseAskedForElseTheMetadatasElseTheConfigurations() throws IOException {
        assertNoHeads();
        assertEquals(OptionalInt.of(4), heads(Map.of(), OptionalInt.of(4)));
        Path config = Files.writeString(folder.resolve("config.json"), "{\"n_head\": 3}");
        assertEquals(OptionalInt.of(3), heads(Map.of(), OptionalInt.empty()));
        assertEquals(OptionalInt.of(6), heads(Map.of("heads", "6"), OptionalInt.empty()));
        assertEquals(OptionalInt.of(4), heads(Map.of("heads", "six"), OptionalInt.of(4)));
        // That of one of our own runs, which may lie beside the file too.
        Files.writeString(config, "{\"model\": {\"kind\": \"GPT1\"}}");
        assertNoHeads();
    }

    private void assertNoHeads() throws IOException {
        Path file = write(Map.of(), tensors);
        assertRefused(file, "does not say how many attention heads its model has; name them with --heads",
                () -> spec(file, OptionalInt.empty()));
    }

    private OptionalInt heads(Map<String, String> metadata, OptionalInt asked) throws IOException {
        return OptionalInt.of(((GptModelSpec) spec(write(metadata, tensors), asked)).heads());
    }

    @Test
    void aModelOfThePublishedWidthHasThePublishedHeads() throws IOException {
        Map<String, Tensor> wide = Map.of("tokens_embed.weight", filled(Shape.of(5, 768), 0),
                "positions_embed.weight", filled(Shape.of(2, 768), 0),
                "h.0.mlp.c_fc.weight", filled(Shape.of(768, 9), 0));
        assertEquals(new GptModelSpec(6, 768, 1, 12, 2, 9, Gelu.TANH),
                spec(write(Map.of(), wide), OptionalInt.empty()));
    }

    @Test
    void theMetadataMayNameAnotherGelu() throws IOException {
        assertEquals(new GptModelSpec(98, WIDTH, 2, 3, 16, 4 * WIDTH, Gelu.EXACT),
                spec(write(Map.of("gelu", "exact"), tensors), OptionalInt.of(3)));
    }

    @Test
    void aConfigurationOfAnotherModelIsRefused() throws IOException {
        Path file = write(Map.of(), tensors);
        Path config = folder.resolve("config.json");
        Map<String, String> problems = new LinkedHashMap<>();
        problems.put("{\"n_head\": \"three\"}", "gives \"three\" attention heads");
        problems.put("{\"n_head\": 3, \"afn\": \"relu\"}", "tells of an activation 'relu' and a LayerNorm epsilon of "
                + "1.0E-5, but MiniGPT1 has gelu and 1.0E-5");
        problems.put("{\"n_head\": 3, \"layer_norm_epsilon\": 0.001}", "tells of an activation 'gelu' and a LayerNorm "
                + "epsilon of 0.001, but MiniGPT1 has gelu and 1.0E-5");
        for (Map.Entry<String, String> problem : problems.entrySet()) {
            Files.writeString(config, problem.getKey());
            assertRefused(config, problem.getValue(), () -> spec(file, OptionalInt.empty()));
        }
        Files.writeString(config, "{\"n_head\": 5}");
        assertRefused(file, "5 heads do not divide an embedding width of 24", () -> spec(file, OptionalInt.empty()));
        Files.writeString(config, "{\"n_head\"");
        SafetensorsException damaged = assertThrows(SafetensorsException.class,
                () -> spec(file, OptionalInt.empty()));
        assertEquals(config + ": is not valid JSON: ", damaged.getMessage().replaceFirst("JSON: .*", "JSON: "));
    }

    @Test
    void aFileOfTablesAloneHoldsNoModel() throws IOException {
        Path file = write(Map.of(), Map.of("tokens_embed.weight", tensors.get("tokens_embed.weight"),
                "positions_embed.weight", tensors.get("positions_embed.weight")));
        assertRefused(file, "holds no complete language model: it has no tensor 'h.0.mlp.c_fc.weight'",
                () -> spec(file, OptionalInt.empty()));
    }

    private void assertNotLoaded(String differences) throws IOException {
        Path file = write(Map.of(), tensors);
        try (LanguageModel model = model(SPEC); Checkpoint checkpoint = Checkpoint.open(file)) {
            double[] before = model.parameters().values().toDoubles();
            double[] tokens = model.tokenEmbedding().toDoubles();
            assertRefused(file, "its tensors are not those of this model; " + differences,
                    () -> checkpoint.loadWeights(model));
            assertArrayEquals(before, model.parameters().values().toDoubles());
            assertArrayEquals(tokens, model.tokenEmbedding().toDoubles());
        }
    }

    private static void assertRefused(Path file, String problem, Executable executable) {
        assertEquals(file + ": " + problem, assertThrows(SafetensorsException.class, executable).getMessage());
    }

    private static void assertSame(Map<String, double[]> expected, Map<String, double[]> actual) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, values) -> assertArrayEquals(values, actual.get(name), name));
    }

    private LanguageModel model(ModelSpec spec) {
        return LanguageModel.create(backend, spec, new ModelOptions(1, 2, 0, false, 42));
    }

    private Map<String, double[]> load(Path file, ModelSpec spec) throws IOException {
        try (LanguageModel model = model(spec); Checkpoint checkpoint = Checkpoint.open(file)) {
            // Larger than any weight, so that what is not overwritten shows.
            model.tokenEmbedding().set(filled(model.tokenEmbedding().shape(), 100).toDoubles());
            checkpoint.loadWeights(model);
            Map<String, double[]> values = new LinkedHashMap<>();
            model.parameters().named().forEach(p -> values.put(p.name(), p.value().toDoubles()));
            return values;
        }
    }

    private ModelSpec spec(Path file, OptionalInt heads) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            return checkpoint.spec(heads);
        }
    }

    private Path write(Map<String, String> metadata, Map<String, Tensor> contents) throws IOException {
        Path file = folder.resolve("model.safetensors");
        SafetensorsWriter.write(file, metadata, contents);
        return file;
    }

    private static Map<String, Tensor> prefixed(String prefix, Map<String, Tensor> contents) {
        Map<String, Tensor> renamed = new LinkedHashMap<>();
        contents.forEach((name, tensor) -> renamed.put(prefix + name, tensor));
        return renamed;
    }

    private Tensor filled(Shape shape, double value) {
        Tensor tensor = backend.allocate(DataType.F32, shape);
        double[] values = new double[Math.toIntExact(shape.elements())];
        Arrays.fill(values, value);
        tensor.set(values);
        return tensor;
    }

    private double[] stored(String name) {
        return tensors.get(name).toDoubles();
    }
}
