package dev.culebra.experiments.data;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BuiltInCorpusTest {
    private final Corpus corpus = new BuiltInCorpus();

    @ParameterizedTest
    @CsvSource({"TRAIN, 118866, 4427", "VALIDATION, 12456, 446", "TEST, 11776, 439"})
    void theSplitsAreAsTheReadmeSays(SplitName name, int tokens, int lines) {
        Split split = corpus.split(name);
        assertEquals(tokens, split.tokens().length);
        assertEquals(lines, split.sizes().length);
        assertEquals(OptionalInt.of(2823), split.vocabularySize());
        split.requireVocabulary(2823);
    }

    @ParameterizedTest
    @EnumSource(SplitName.class)
    void noTokenIsPadding(SplitName name) {
        assertTrue(Arrays.stream(corpus.split(name).tokens()).min().getAsInt() >= 1);
    }

    @Test
    void theTextIsEnglish() throws IOException {
        JsonNode vocabulary;
        try (InputStream stream = BuiltInCorpus.class.getResourceAsStream("corpus/vocabulary.json")) {
            vocabulary = new ObjectMapper().readTree(stream);
        }
        assertEquals(2823, vocabulary.size());
        assertEquals("<pad>", vocabulary.get(0).asText());
        assertEquals("<unk>", vocabulary.get(1).asText());
        assertEquals("in the beginning god created the heaven and the earth .",
                Arrays.stream(corpus.split(SplitName.TRAIN).tokens()).limit(11)
                        .mapToObj(id -> vocabulary.get(id).asText())
                        .collect(Collectors.joining(" ")));
    }
}
