package dev.culebra.experiments.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culebra.experiments.run.SmallText;
import dev.culebra.nn.checkpoint.SafetensorsWriter;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A GPT-1 as Hugging Face has it is a checkpoint like any other: the same weights in the study's layout give the same. */
class Gpt1CheckpointTest {
    private static final int WIDTH = 12;
    private static final int LAYERS = 2;
    private static final int POSITIONS = 16;
    private static final String EVALUATION = "evaluate --device reference --sequence-length 8 --batch-size 4 --json ";

    @TempDir
    Path folder;

    @AutoClose
    private final ReferenceBackend backend = new ReferenceBackend();
    private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    private final Map<String, Tensor> theirs = new LinkedHashMap<>();
    private final Map<String, Tensor> ours = new LinkedHashMap<>();
    private Path data;
    private Path gpt1;
    private Path study;

    @BeforeEach
    void writeFiles() throws IOException {
        data = SmallText.in(Files.createDirectory(folder.resolve("data")));
        float[] tokens = random((SmallText.VOCABULARY - 1) * WIDTH);
        float[] padded = new float[SmallText.VOCABULARY * WIDTH];
        System.arraycopy(tokens, 0, padded, WIDTH, tokens.length);
        put(theirs, "tokens_embed.weight", tokens, SmallText.VOCABULARY - 1, WIDTH);
        put(ours, "embedding.tokens.weight", padded, SmallText.VOCABULARY, WIDTH);
        float[] positions = random(POSITIONS * WIDTH);
        put(theirs, "positions_embed.weight", positions, POSITIONS, WIDTH);
        put(ours, "embedding.position.weight", positions, POSITIONS, WIDTH);
        for (int i = 0; i < LAYERS; i++) {
            String block = "layers." + i + ".";
            linear("h." + i + ".attn.c_attn", WIDTH, WIDTH, block + "attention.q_proj", block + "attention.k_proj",
                    block + "attention.v_proj");
            linear("h." + i + ".attn.c_proj", WIDTH, WIDTH, block + "attention.out_proj");
            linear("h." + i + ".mlp.c_fc", WIDTH, 4 * WIDTH, block + "mlp.0");
            linear("h." + i + ".mlp.c_proj", 4 * WIDTH, WIDTH, block + "mlp.2");
            norm("h." + i + ".ln_1", block + "norm1");
            norm("h." + i + ".ln_2", block + "norm2");
        }
        gpt1 = Files.createDirectory(folder.resolve("gpt1")).resolve("model.safetensors");
        study = folder.resolve("study.safetensors");
        SafetensorsWriter.write(gpt1, Map.of("format", "pt"), theirs);
        SafetensorsWriter.write(study, Map.of(), ours);
        Files.writeString(gpt1.resolveSibling("config.json"), "{\"model_type\": \"openai-gpt\", \"n_head\": 3}");
    }

    /** Linear layers of one input: one after another in the study, (out, in), and side by side in GPT-1, (in, out). */
    private void linear(String stored, int in, int out, String... names) {
        float[] weights = new float[in * out * names.length];
        float[] biases = new float[out * names.length];
        for (int part = 0; part < names.length; part++) {
            float[] weight = random(out * in);
            float[] bias = random(out);
            put(ours, names[part] + ".weight", weight, out, in);
            put(ours, names[part] + ".bias", bias, out);
            System.arraycopy(bias, 0, biases, part * out, out);
            for (int i = 0; i < out * in; i++) {
                weights[i % in * out * names.length + part * out + i / in] = weight[i];
            }
        }
        put(theirs, stored + ".weight", weights, in, out * names.length);
        put(theirs, stored + ".bias", biases, out * names.length);
    }

    private void norm(String stored, String name) {
        for (String kind : List.of(".weight", ".bias")) {
            float[] values = random(WIDTH);
            put(theirs, stored + kind, values, WIDTH);
            put(ours, name + kind, values, WIDTH);
        }
    }

    private float[] random(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian() / 2;
        }
        return values;
    }

    private void put(Map<String, Tensor> tensors, String name, float[] values, int... sizes) {
        Tensor tensor = backend.allocate(DataType.F32, Shape.of(sizes));
        tensor.set(values);
        tensors.put(name, tensor);
    }

    private JsonNode evaluate(Path checkpoint, String options) {
        return Program.run(EVALUATION + options + " --checkpoint", checkpoint, "--data", data).assertDone()
                .events("evaluation").getFirst();
    }

    @Test
    void itIsEvaluatedWithTheTanhFormUnlessToldOtherwise() {
        JsonNode evaluation = evaluate(gpt1, "");
        assertEquals(49, evaluation.get("tokens").asInt());
        assertTrue(evaluation.get("loss").asDouble() > 1, evaluation.toString());
        assertEquals(evaluate(study, "--heads 3 --gelu tanh"), evaluation);
        JsonNode exact = evaluate(gpt1, "--gelu exact");
        assertEquals(evaluate(study, "--heads 3"), exact);
        assertNotEquals(evaluation, exact);
    }

    @Test
    void runsStartFromItAndKeepItsArchitecture() {
        Path run = folder.resolve("run");
        Program program = Program.run("train --model gpt1 --device reference --sequence-length 8 --batch-size 4 "
                + "--epochs 1 --optimizer sgd --lr 0 --json --init-from", gpt1, "--data", data, "--run-dir", run)
                .assertDone();
        JsonNode untrained = evaluate(gpt1, "");
        assertEquals(List.of(untrained), program.events("evaluation"));
        assertEquals(untrained, evaluate(run.resolve("last.safetensors"), ""));
    }

    @Test
    void textIsGeneratedFromIt() {
        String words = "generate --device reference --prompt-ids 3,1,7 --max-tokens 30 --json --heads 3 --gelu tanh "
                + "--checkpoint";
        List<JsonNode> tokens = Program.run(words, gpt1).assertDone().events("token");
        assertEquals(30, tokens.size());
        assertEquals(Program.run(words, study).assertDone().events("token"), tokens);
    }

    @Test
    void whatIsWrongWithItIsToldInItsOwnNames() throws IOException {
        theirs.remove("h.1.ln_1.weight");
        SafetensorsWriter.write(gpt1, Map.of(), theirs);
        Program incomplete = Program.run(EVALUATION + "--checkpoint", gpt1, "--data", data);
        assertEquals(2, incomplete.code());
        assertEquals(
                "error: " + gpt1 + ": its tensors are not those of this model; missing: h.1.ln_1.weight; name another "
                        + "checkpoint",
                incomplete.err().lines().toList().getLast());
        Files.delete(gpt1.resolveSibling("config.json"));
        Program.run(EVALUATION + "--checkpoint", gpt1, "--data", data).assertFails(2, gpt1
                + ": does not say how many attention heads its model has; name them with --heads; name another "
                + "checkpoint");
    }
}
