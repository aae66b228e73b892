package dev.culebra.experiments.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

import dev.culebra.experiments.failure.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class DatasetTest {
    /** A text 1, 2, 3, … in lines of these sizes. */
    private static Split text(int... sizes) {
        return new Split("text", IntStream.rangeClosed(1, Arrays.stream(sizes).sum()).toArray(), sizes,
                OptionalInt.empty());
    }

    /** Each sequence as "source tokens>target tokens". */
    private static String sequences(Dataset dataset) {
        List<String> sequences = new ArrayList<>();
        for (int i = 0; i < dataset.size(); i++) {
            int[] source = new int[dataset.length(i)];
            int[] target = new int[dataset.length(i)];
            dataset.copy(i, source, target, 0);
            sequences.add(joined(source) + ">" + joined(target));
        }
        return String.join(" | ", sequences);
    }

    private static String joined(int[] values) {
        return String.join(" ", Arrays.stream(values).mapToObj(String::valueOf).toList());
    }

    @Test
    void noneCutsAnywhereAndSharesOneToken() {
        Dataset dataset = new Dataset(text(4, 1, 5), BreakMode.NONE, 4);
        assertEquals("1 2 3 4>2 3 4 5 | 5 6 7 8>6 7 8 9 | 9>10", sequences(dataset));
        assertEquals(9, dataset.targets());
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 1", "257, 1", "258, 2", "513, 2", "514, 3"})
    void noneGivesOneSequencePerLengthBegun(int tokens, int sequences) {
        if (sequences == 0) {
            assertEquals("text: there is no sequence to be had from 1 tokens with --break-mode none; a sequence needs "
                    + "two tokens",
                    assertThrows(BadInputException.class, () -> new Dataset(text(tokens), BreakMode.NONE, 256))
                            .getMessage());
        } else {
            Dataset dataset = new Dataset(text(tokens), BreakMode.NONE, 256);
            assertEquals(sequences, dataset.size());
            assertEquals(tokens - 1, dataset.targets());
        }
    }

    @Test
    void linesNeverCrossTheEndOfALine() {
        Dataset dataset = new Dataset(text(4, 1, 0, 6), BreakMode.LINES, 3);
        assertEquals("1 2 3>2 3 4 | 6 7 8>7 8 9 | 9 10>10 11", sequences(dataset));
        assertEquals(8, dataset.targets());
    }

    @Test
    void completePacksWholeLinesWhileTheyFit() {
        Dataset dataset = new Dataset(text(2, 2, 2, 6, 1, 3), BreakMode.COMPLETE, 4);
        assertEquals("1 2 3>2 3 4 | 5>6 | 7 8 9 10>8 9 10 11 | 11>12 | 13 14 15>14 15 16", sequences(dataset));
    }

    @Test
    void idsOutsideTheVocabularyAreNamed() {
        Split split = new Split("wiki.train.npz", new int[] {1, 7, 9}, new int[] {3}, OptionalInt.empty());
        split.requireVocabulary(10);
        assertEquals("wiki.train.npz: token id 9 at index 2 is outside the vocabulary of 9 (ids 0 to 8); use the "
                + "embeddings, checkpoint or --vocabulary-size that belongs to this data",
                assertThrows(BadInputException.class, () -> split.requireVocabulary(9)).getMessage());
        Split negative = new Split("wiki.train.npz", new int[] {1, -3}, new int[] {2}, OptionalInt.empty());
        assertThrows(BadInputException.class, () -> negative.requireVocabulary(9));
    }

    @Test
    void linesMustMakeUpTheText() {
        assertEquals("text: the lines in 'sizes' hold 4 tokens, but 'tokens' has 3; make the file again",
                assertThrows(BadInputException.class,
                        () -> new Split("text", new int[] {1, 2, 3}, new int[] {2, 2}, OptionalInt.empty()))
                        .getMessage());
        assertThrows(BadInputException.class,
                () -> new Split("text", new int[] {1}, new int[] {2, -1}, OptionalInt.empty()));
    }
}
