package dev.culebra.experiments.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.files.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Ids and text are those of Hugging Face's tokenizer, by the golden of {@code tools/parity/tokenizer_goldens.py}. */
public class GptTokenizerTest {
    /** V of the golden's vocabulary, padding included. */
    public static final int VOCABULARY_SIZE = 265;

    @TempDir
    Path folder;

    /** Copies the golden's vocabulary to a folder. */
    public static Path vocabulary(Path folder) throws IOException {
        for (String name : List.of(GptTokenizer.VOCABULARY_FILE, GptTokenizer.MERGES_FILE)) {
            try (InputStream in = resource(name)) {
                Files.copy(in, folder.resolve(name));
            }
        }
        return folder;
    }

    private static InputStream resource(String name) {
        return GptTokenizerTest.class.getResourceAsStream("gpt/" + name);
    }

    private static JsonNode golden() throws IOException {
        try (InputStream in = resource("golden.json")) {
            JsonNode golden = Json.mapper().readTree(in);
            assertEquals("culebra tokenizer golden", golden.get("magic").asText());
            assertEquals(1, golden.get("version").asInt());
            return golden;
        }
    }

    @Test
    void idsAreThoseOfTransformersPlusOne() throws IOException {
        JsonNode golden = golden();
        List<String> lines = new ArrayList<>();
        golden.get("lines").forEach(line -> lines.add(line.get("text").asText().strip()));
        assertTrue(lines.size() > 10);
        try (GptTokenizer tokenizer = GptTokenizer.open(vocabulary(folder))) {
            assertEquals(golden.get("vocabulary").asInt() + 1, VOCABULARY_SIZE);
            assertEquals(VOCABULARY_SIZE, tokenizer.vocabularySize());
            List<int[]> ids = tokenizer.encode(lines);
            for (int i = 0; i < lines.size(); i++) {
                assertArrayEquals(plusOne(golden.get("lines").get(i).get("ids")), ids.get(i), lines.get(i));
            }
        }
    }

    private static int[] plusOne(JsonNode ids) {
        return IntStream.range(0, ids.size()).map(i -> ids.get(i).asInt() + 1).toArray();
    }

    @Test
    void textIsThatOfTransformers() throws IOException {
        try (GptTokenizer tokenizer = GptTokenizer.open(vocabulary(folder))) {
            for (JsonNode line : golden().get("lines")) {
                assertEquals(line.get("decoded").asText(), tokenizer.decode(plusOne(line.get("ids"))));
            }
            assertEquals("the ships", tokenizer.decode(new int[] {0, 66, 0, 107, 0}));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        GptTokenizer.VOCABULARY_FILE + " | [1] | is no vocabulary with <unk>; fetch it anew",
        GptTokenizer.VOCABULARY_FILE + " | {\"a\": 1} | is no vocabulary with <unk>; fetch it anew",
        GptTokenizer.VOCABULARY_FILE + " | {\"<unk>\": | is no JSON",
        GptTokenizer.MERGES_FILE + " | a b c | : line 1 is no pair of pieces; fetch it anew"})
    void aDamagedVocabularyIsToldByItsFile(String file, String content, String told) throws IOException {
        vocabulary(folder);
        Files.writeString(folder.resolve(file), content);
        String message = assertThrows(BadInputException.class, () -> GptTokenizer.open(folder)).getMessage();
        assertTrue(message.startsWith(folder.resolve(file).toString()) && message.contains(told), message);
    }

    @Test
    void aMissingVocabularyIsToldByItsFile() {
        String message = assertThrows(BadInputException.class, () -> GptTokenizer.open(folder)).getMessage();
        assertTrue(message.endsWith("--vocabulary names the folder with encoder_bpe_40000.json and vocab_40000.bpe"),
                message);
    }
}
