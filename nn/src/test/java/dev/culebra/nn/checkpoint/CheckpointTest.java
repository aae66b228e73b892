package dev.culebra.nn.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.culebra.nn.BackendCase;
import dev.culebra.nn.BatchLoss;
import dev.culebra.nn.Gelu;
import dev.culebra.nn.GptModelSpec;
import dev.culebra.nn.LanguageModel;
import dev.culebra.nn.LearningRateSchedule;
import dev.culebra.nn.LstmModelSpec;
import dev.culebra.nn.ModelOptimizer;
import dev.culebra.nn.ModelOptions;
import dev.culebra.nn.ModelSpec;
import dev.culebra.nn.NamedParameter;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.OptimizerSpec;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Checkpoints: training goes on bit for bit, PyTorch's names, and mismatches that are listed. */
class CheckpointTest {
    private static final LstmModelSpec LSTM = new LstmModelSpec(7, 3, 2, 4);
    private static final GptModelSpec GPT = new GptModelSpec(7, 4, 2, 2, 6, 12, Gelu.TANH);
    private static final List<OptimizerSpec> OPTIMIZERS = List.of(new OptimizerSpec.Sgd(5e-4),
            new OptimizerSpec.Momentum(0.9, 5e-4), new OptimizerSpec.Adam(0.9, 0.999, 1e-8, 0),
            new OptimizerSpec.AdamW(0.9, 0.999, 1e-8, 5e-4));
    private static final ModelOptions OPTIONS = new ModelOptions(2, 5, 0.2, true, 42);
    private static final int[] TOKENS = {1, 2, 3, 4, 5, 6, 1, 3, 5, 2};
    private static final int[] TARGETS = {2, 3, 4, 5, 6, 1, 3, 5, 2, 4};
    private static final float[] MASK = {1, 1, 1, 1, 1, 1, 1, 1, 0, 0};

    @TempDir
    private Path folder;

    static Stream<Arguments> trainings() {
        return BackendCase.present().flatMap(backend -> Stream.of(LSTM, GPT).flatMap(
                model -> OPTIMIZERS.stream().map(optimizer -> Arguments.of(backend, model, optimizer))));
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void trainingGoesOnBitForBit(BackendCase backendCase, ModelSpec spec, OptimizerSpec optimizerSpec)
            throws IOException {
        Path file = folder.resolve("last.safetensors");
        try (Backend backend = backendCase.open();
                LanguageModel model = LanguageModel.create(backend, spec, OPTIONS);
                ModelOptimizer optimizer = optimizer(model, optimizerSpec)) {
            train(model, optimizer, 3);
            Checkpoint.save(file, model, Optional.of(optimizer), Map.of("epoch", "2"));
            List<BatchLoss> uninterrupted = train(model, optimizer, 3);
            try (LanguageModel resumed = LanguageModel.create(backend, spec, OPTIONS);
                    ModelOptimizer resumedOptimizer = optimizer(resumed, optimizerSpec);
                    Checkpoint checkpoint = Checkpoint.open(file)) {
                assertEquals("2", checkpoint.metadata().get("epoch"));
                resumed.parameters().initialize(1);
                checkpoint.loadWeights(resumed);
                checkpoint.loadOptimizer(resumedOptimizer);
                assertEquals(3, resumedOptimizer.step());
                assertEquals(uninterrupted, train(resumed, resumedOptimizer, 3));
            }
        }
    }

    private static List<BatchLoss> train(LanguageModel model, ModelOptimizer optimizer, int steps) {
        return Stream.generate(() -> {
            BatchLoss loss = model.trainStep(TOKENS, TARGETS, MASK, optimizer.step());
            optimizer.update();
            return loss;
        }).limit(steps).toList();
    }

    @Test
    void namesAndMetadataAreTheStudys() throws IOException {
        Path file = folder.resolve("gpt.safetensors");
        try (Backend backend = new ReferenceBackend();
                LanguageModel model = LanguageModel.create(backend, new GptModelSpec(7, 4, 1, 2, 6), OPTIONS);
                ModelOptimizer optimizer = optimizer(model, new OptimizerSpec.Momentum(0.9, 0))) {
            Checkpoint.save(file, model, Optional.of(optimizer), Map.of());
        }
        Set<String> weights = new TreeSet<>(Set.of("embedding.tokens.weight", "embedding.position.weight"));
        for (String part : List.of("attention.q_proj", "attention.k_proj", "attention.v_proj", "attention.out_proj",
                "norm1", "mlp.0", "mlp.2", "norm2")) {
            weights.add("layers.0." + part + ".weight");
            weights.add("layers.0." + part + ".bias");
        }
        Set<String> expected = new TreeSet<>(weights);
        weights.forEach(name -> expected.add("optimizer.momentum_buffer." + name));
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            assertEquals(expected,
                    reader.entries().stream().map(TensorEntry::name).collect(Collectors.toCollection(TreeSet::new)));
            assertEquals(Map.of("format", "pt", "producer", "culebra", "model", "gpt1", "layers", "1", "heads", "2",
                    "gelu", "exact", "optimizer_step", "0"), reader.metadata());
        }
    }

    @Test
    void theArchitectureIsReadFromNamesAndShapes() throws IOException {
        for (ModelSpec spec : List.of(LSTM, GPT)) {
            Path file = save(spec);
            try (Checkpoint checkpoint = Checkpoint.open(file)) {
                assertEquals(spec, checkpoint.spec(OptionalInt.empty()));
            }
        }
        try (Checkpoint checkpoint = Checkpoint.open(save(GPT))) {
            assertEquals(new GptModelSpec(7, 4, 2, 4, 6, 12, Gelu.TANH), checkpoint.spec(OptionalInt.of(4)));
            assertRefused("3 heads do not divide an embedding width of 4", () -> checkpoint.spec(OptionalInt.of(3)));
        }
    }

    @Test
    void weightsWithoutMetadataNeedTheNumberOfHeads() throws IOException {
        Path file = folder.resolve("torch.safetensors");
        try (Backend backend = new ReferenceBackend();
                LanguageModel model = LanguageModel.create(backend, GPT, OPTIONS)) {
            SafetensorsWriter.write(file, Map.of(), tensors(model));
        }
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertRefused("does not say how many attention heads its model has; name them with --heads",
                    () -> checkpoint.spec(OptionalInt.empty()));
            assertEquals(new GptModelSpec(7, 4, 2, 2, 6, 12, Gelu.EXACT), checkpoint.spec(OptionalInt.of(2)));
        }
    }

    @Test
    void filesWithoutAModelAreRefused() throws IOException {
        Path file = folder.resolve("other.safetensors");
        try (Backend backend = new ReferenceBackend();
                LanguageModel model = LanguageModel.create(backend, LSTM, OPTIONS)) {
            SafetensorsWriter.write(file, Map.of(), Map.of("classifier.0.bias",
                    model.parameters().named("classifier.0.bias").value()));
            Path half = folder.resolve("half.safetensors");
            SafetensorsWriter.write(half, Map.of(), Map.of("embedding.weight", model.tokenEmbedding()));
            try (Checkpoint checkpoint = Checkpoint.open(half)) {
                assertRefused("holds no complete language model: it has no tensor 'lstm.weight_hh_l0'",
                        () -> checkpoint.spec(OptionalInt.empty()));
            }
        }
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertRefused("holds no language model: it has neither a tensor 'embedding.weight' (lstm) nor "
                    + "'embedding.tokens.weight' (gpt1) nor 'tokens_embed.weight' (GPT-1 as Hugging Face has it)",
                    () -> checkpoint.spec(OptionalInt.empty()));
        }
    }

    @Test
    void aModelOfAnotherArchitectureListsWhatDiffersAndIsUnchanged() throws IOException {
        Path file = save(LSTM);
        try (Backend backend = new ReferenceBackend();
                LanguageModel deeper = LanguageModel.create(backend, new LstmModelSpec(7, 3, 3, 4), OPTIONS);
                LanguageModel wider = LanguageModel.create(backend, new LstmModelSpec(7, 5, 1, 4), OPTIONS);
                Checkpoint checkpoint = Checkpoint.open(file)) {
            double[] before = deeper.parameters().values().toDoubles();
            assertRefused("its tensors are not those of this model; missing: lstm.bias_hh_l2, lstm.bias_ih_l2, "
                    + "lstm.weight_hh_l2, lstm.weight_ih_l2", () -> checkpoint.loadWeights(deeper));
            assertArrayEquals(before, deeper.parameters().values().toDoubles());
            assertRefused("its tensors are not those of this model; extra: lstm.bias_hh_l1, lstm.bias_ih_l1, "
                    + "lstm.weight_hh_l1, lstm.weight_ih_l1; of another shape: embedding.weight (7, 3) instead of "
                    + "(7, 5); of another shape: lstm.weight_ih_l0 (16, 3) instead of (16, 5); of another shape: "
                    + "classifier.0.weight (3, 4) instead of (5, 4); of another shape: classifier.0.bias (3) instead "
                    + "of (5)", () -> checkpoint.loadWeights(wider));
        }
    }

    @Test
    void trainingDoesNotGoOnFromWeightsAloneOrFromAnotherOptimiser() throws IOException {
        Path weights = save(LSTM);
        Path momentum = folder.resolve("momentum.safetensors");
        try (Backend backend = new ReferenceBackend();
                LanguageModel model = LanguageModel.create(backend, LSTM, OPTIONS);
                ModelOptimizer other = optimizer(model, new OptimizerSpec.Momentum(0.9, 0));
                ModelOptimizer adam = optimizer(model, new OptimizerSpec.Adam(0.9, 0.999, 1e-8, 0));
                ModelOptimizer sgd = optimizer(model, new OptimizerSpec.Sgd(0))) {
            Checkpoint.save(momentum, model, Optional.of(other), Map.of());
            try (Checkpoint checkpoint = Checkpoint.open(weights)) {
                assertRefused("missing: optimizer.exp_avg.classifier.0.bias",
                        () -> checkpoint.loadOptimizer(adam));
                assertRefused("training cannot go on from it: it does not say the optimiser's step",
                        () -> checkpoint.loadOptimizer(sgd));
                checkpoint.loadWeights(model);
            }
            try (Checkpoint checkpoint = Checkpoint.open(momentum)) {
                assertRefused("extra: optimizer.momentum_buffer.classifier.0.bias",
                        () -> checkpoint.loadOptimizer(adam));
            }
        }
    }

    @Test
    void whatTheCheckpointSaysItselfCannotBeOverwritten() throws IOException {
        try (Backend backend = new ReferenceBackend();
                LanguageModel model = LanguageModel.create(backend, LSTM, OPTIONS)) {
            assertThrows(IllegalArgumentException.class, () -> Checkpoint.save(folder.resolve("x.safetensors"), model,
                    Optional.empty(), Map.of("model", "gpt1")));
        }
    }

    private Path save(ModelSpec spec) throws IOException {
        Path file = folder.resolve(spec.label() + ".safetensors");
        try (Backend backend = new ReferenceBackend();
                LanguageModel model = LanguageModel.create(backend, spec, OPTIONS)) {
            Checkpoint.save(file, model, Optional.empty(), Map.of());
        }
        return file;
    }

    private static Map<String, Tensor> tensors(LanguageModel model) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (NamedParameter parameter : model.parameters().named()) {
            tensors.put(parameter.name(), parameter.value());
        }
        return tensors;
    }

    private static ModelOptimizer optimizer(LanguageModel model, OptimizerSpec spec) {
        return new ModelOptimizer(model, spec, LearningRateSchedule.constant(0.01), OptionalDouble.of(1));
    }

    private static void assertRefused(String problem, Executable executable) {
        SafetensorsException e = assertThrows(SafetensorsException.class, executable);
        assertTrue(e.getMessage().contains(problem), e.getMessage());
    }
}
