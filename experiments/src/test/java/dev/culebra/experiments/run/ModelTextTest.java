package dev.culebra.experiments.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import dev.culebra.experiments.text.GptTokenizer;
import dev.culebra.experiments.text.GptTokenizerTest;
import dev.culebra.experiments.text.Tokenizer;
import dev.culebra.experiments.text.WordTokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A text that grows token by token is the text of all its tokens. */
class ModelTextTest {
    private static final String TEXT = "the ships, and (as it is) \u00e4 \"he\" said: \u4f60 unheardof-of; x.y 's";

    @TempDir
    Path folder;

    @Test
    void piecesOfWordsGrowToTheTextOfAll() throws IOException {
        try (Tokenizer tokenizer = GptTokenizer.open(GptTokenizerTest.vocabulary(folder))) {
            assertGrows(tokenizer, ModelText.open(Optional.of(folder), folder.resolve("model"),
                    GptTokenizerTest.VOCABULARY_SIZE));
        }
    }

    @Test
    void wordsOfTheBuiltInCorpusGrowToTheTextOfAll() {
        WordTokenizer tokenizer = WordTokenizer.ofBuiltInCorpus();
        assertGrows(tokenizer,
                ModelText.open(Optional.empty(), folder.resolve("model"), tokenizer.vocabularySize()));
    }

    private static void assertGrows(Tokenizer tokenizer, ModelText text) {
        int[] ids = tokenizer.encode(List.of(TEXT)).getFirst();
        assertTrue(ids.length > 20, Arrays.toString(ids));
        StringBuilder grown = new StringBuilder();
        try (text) {
            grown.append(text.append(ids[0], ids[1]).orElseThrow());
            for (int i = 2; i < ids.length; i++) {
                grown.append(text.append(ids[i]).orElseThrow());
                assertEquals(tokenizer.decode(Arrays.copyOf(ids, i + 1)), grown.toString());
            }
        }
    }

    @Test
    void withoutAVocabularyThereIsNoText() {
        try (ModelText text = ModelText.open(Optional.empty(), folder.resolve("model"), 7)) {
            assertEquals(Optional.empty(), text.append(1, 2));
        }
    }

    /** Such as that of another model which lies beside the checkpoint. */
    @Test
    void aVocabularyOfAnotherSizeDoesNotHideTheNext() throws IOException {
        Path run = Files.createDirectory(folder.resolve("run"));
        Files.writeString(run.resolve("vocab.json"), "{\"<unk>\": 0, \"a</w>\": 1}");
        Files.writeString(run.resolve("merges.txt"), "#version: 0.2\n");
        Path data = GptTokenizerTest.vocabulary(Files.createDirectory(folder.resolve("data")));
        Files.writeString(run.resolve("config.json"), "{\"data\": {\"data\": \"" + data + "\"}}");
        try (ModelText text = ModelText.open(Optional.empty(), run.resolve("last.safetensors"),
                GptTokenizerTest.VOCABULARY_SIZE)) {
            assertEquals(Optional.of("the"), text.append(text.encode("the")));
        }
    }
}
