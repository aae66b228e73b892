package dev.culebra.experiments.text;

import java.util.List;
import java.util.stream.IntStream;

import dev.culebra.experiments.data.BuiltInCorpus;
import dev.culebra.experiments.data.Split;
import dev.culebra.experiments.data.SplitName;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

class WordTokenizerTest {
    private final WordTokenizer tokenizer = WordTokenizer.ofBuiltInCorpus();

    @Test
    void wordsAndMarksHaveTheirIds() {
        assertEquals(2823, tokenizer.vocabularySize());
        assertArrayEquals(new int[] {3, 4, 5}, tokenizer.encode(List.of("And the.")).getFirst());
        assertArrayEquals(new int[] {3, 1, 2, 1}, tokenizer.encode(List.of(" and WikiText , 7")).getFirst());
        assertArrayEquals(new int[0], tokenizer.encode(List.of(" ")).getFirst());
    }

    @Test
    void marksStandWithTheWordBefore() {
        assertEquals("and the <unk>, it is.",
                tokenizer.decode(tokenizer.encode(List.of("and the x, it is.")).getFirst()));
        assertEquals("the", tokenizer.decode(new int[] {0, 4, 0}));
    }

    /** The corpus was made by another program: what it holds, read as text, has the same tokens again. */
    @Test
    void theCorpusIsMadeOfTheseTokens() {
        Split split = new BuiltInCorpus().split(SplitName.VALIDATION);
        int start = 0;
        for (int size : split.sizes()) {
            int[] ids = IntStream.range(start, start + size).map(i -> split.tokens()[i]).toArray();
            // "<unk>" is no word that text can have.
            int[] read = tokenizer.encode(List.of(tokenizer.decode(ids).replace("<unk>", "\u00e4"))).getFirst();
            assertArrayEquals(ids, read);
            start += size;
        }
        assertEquals(446, split.sizes().length);
    }
}
