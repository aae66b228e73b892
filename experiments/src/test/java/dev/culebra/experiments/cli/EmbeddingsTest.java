package dev.culebra.experiments.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.culebra.experiments.data.FloatArray;
import dev.culebra.experiments.data.NpzReader;
import dev.culebra.experiments.prepare.ScriptedServer;
import dev.culebra.experiments.run.SmallText;
import dev.culebra.nn.checkpoint.SafetensorsReader;
import dev.culebra.nn.checkpoint.SafetensorsWriter;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Embeddings that are made once and frozen by every run. */
class EmbeddingsTest {
    private static final int WIDTH = 12;

    @TempDir
    Path folder;
    private Path data;

    @BeforeEach
    void writeText() throws IOException {
        data = SmallText.in(Files.createDirectory(folder.resolve("data")));
    }

    private FloatArray table(Path file, String name) {
        try (NpzReader reader = new NpzReader(file)) {
            return FloatArray.read(reader, name);
        }
    }

    private Program learn(String more) {
        return Program.run(SmallText.run("data embeddings --heads 3 " + more), "--data", data, "--run-dir",
                folder.resolve("run"));
    }

    @Test
    void learnedEmbeddingsAreThoseOfTheBestEpochAndFrozenByRuns() throws IOException {
        learn("--epochs 1").assertDone();
        Path file = data.resolve("embeddings.npz");
        FloatArray tokens = table(file, "tokens");
        assertEquals(List.of(SmallText.VOCABULARY, WIDTH), tokens.shape());
        assertEquals(List.of(8, WIDTH), table(file, "position").shape());
        try (SafetensorsReader best = SafetensorsReader.open(folder.resolve("run/best.safetensors"))) {
            double[] learned = best.readDoubles("embedding.tokens.weight");
            for (int i = 0; i < learned.length; i++) {
                assertEquals(Float.float16ToFloat(Float.floatToFloat16((float) learned[i])), tokens.values()[i]);
            }
        }
        Program run = Program.run(SmallText.run("exp1 --hidden-size 8 --epochs 1"), "--data", data, "--run-dir",
                folder.resolve("exp1")).assertDone();
        assertTrue(run.out().contains("Embeddings: from " + file + ", frozen"), run.out());
    }

    @Test
    void aRunThatIsCutShortGivesWhatItHas() {
        learn("--max-steps 2").assertDone();
        assertEquals(List.of(SmallText.VOCABULARY, WIDTH), table(data.resolve("embeddings.npz"), "tokens").shape());
    }

    @Test
    void whatIsThereIsNotReplacedUnasked() throws IOException {
        Path file = data.resolve("embeddings.npz");
        Files.writeString(file, "mine");
        learn("").assertFails(2, file + " is there already; choose another --out, or replace it with --overwrite");
        learn("--out " + folder.resolve("other.npz")).assertFails(2,
                "the data has an embeddings.npz, which a run would "
                        + "freeze; move it away to learn others, or start from it with --learn-embeddings");
        assertEquals("mine", Files.readString(file));
        assertFalse(Files.exists(folder.resolve("run")));
    }

    private Path gpt1(String prefix, int tokens, int positions, int width) throws IOException {
        Path file = folder.resolve("model.safetensors");
        try (ReferenceBackend backend = new ReferenceBackend()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put(prefix + "tokens_embed.weight", counting(backend, tokens, width));
            tensors.put(prefix + "positions_embed.weight", counting(backend, positions, width));
            SafetensorsWriter.write(file, Map.of(), tensors);
        }
        return file;
    }

    private static Tensor counting(ReferenceBackend backend, int rows, int width) {
        Tensor tensor = backend.allocate(DataType.F64, Shape.of(rows, width));
        double[] values = new double[rows * width];
        Arrays.setAll(values, i -> 1 + i);
        tensor.set(values);
        return tensor;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "transformer."})
    void thoseOfGpt1GetARowForPadding(String prefix) throws IOException {
        Path out = folder.resolve("embeddings.npz");
        Program.run("data embeddings --import", gpt1(prefix, 3, 2, 2), "--out", out).assertDone();
        FloatArray tokens = table(out, "tokens");
        assertEquals(List.of(4, 2), tokens.shape());
        assertArrayEquals(new float[] {0, 0, 1, 2, 3, 4, 5, 6}, tokens.values());
        assertArrayEquals(new float[] {1, 2, 3, 4}, table(out, "position").values());
    }

    @Test
    void aDownloadIsKeptForItsAddress() throws IOException {
        byte[] two = Files.readAllBytes(gpt1("", 2, 2, 2));
        byte[] three = Files.readAllBytes(gpt1("", 3, 2, 2));
        String cache = System.getProperty("culebra.cache", "");
        System.setProperty("culebra.cache", folder.resolve("cache").toString());
        try (ScriptedServer server = new ScriptedServer(
                (request, out) -> ScriptedServer.of(200, request.contains("/two/") ? two : three).to(request, out))) {
            assertEquals(3, rowsOf(server.address("/two/model.safetensors")));
            assertEquals(4, rowsOf(server.address("/three/model.safetensors")));
            assertEquals(3, rowsOf(server.address("/two/model.safetensors")));
            assertEquals(2, server.requests().size());
        } finally {
            System.setProperty("culebra.cache", cache);
        }
    }

    /** Of the tokens' table, made from what an address has. */
    private int rowsOf(URI source) {
        Path out = folder.resolve("embeddings.npz");
        Program.run("data embeddings --overwrite --download", source, "--out", out).assertDone();
        return table(out, "tokens").shape().getFirst();
    }

    @Test
    void filesWithoutEmbeddingsAreRefused() throws IOException {
        Path none = folder.resolve("none.safetensors");
        Path out = folder.resolve("embeddings.npz");
        assertEquals(2, Program.run("data embeddings --import", none, "--out", out).code());
        try (ReferenceBackend backend = new ReferenceBackend()) {
            SafetensorsWriter.write(none, Map.of(), Map.of("weight", counting(backend, 2, 2)));
        }
        Program.run("data embeddings --import", none, "--out", out).assertFails(2, none + " has neither "
                + "tokens_embed.weight, as GPT-1, nor embedding.tokens.weight, as gpt1 of this study; name another file "
                + "with --import");
        Program.run("data embeddings --import", gpt1("", 3, 2, 2)).assertFails(2,
                "--out is missing: without --data there is no folder for embeddings.npz");
        assertFalse(Files.exists(out));
    }
}
