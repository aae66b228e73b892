package dev.culebra.experiments.data;

import java.nio.file.Path;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The study's own files, where they are at hand: a folder shared/data beside the project. */
class WikiTextTest {
    @ParameterizedTest
    @CsvSource({"TRAIN, 2356376, 23767, 9205, 576", "VALIDATION, 245046, 2461, 958, 60",
        "TEST, 279023, 2891, 1090, 69"})
    void theSplitsHaveTheStudysSizes(SplitName name, int tokens, int lines, int sequences, int steps) {
        Path folder = StudyData.folder("wikitext-2");
        Split split = new DataDirectory(folder).split(name);
        assertEquals(tokens, split.tokens().length);
        assertEquals(lines, split.sizes().length);
        split.requireVocabulary(40_479);
        Dataset dataset = new Dataset(split, BreakMode.NONE, 256);
        assertEquals(sequences, dataset.size());
        assertEquals(tokens - 1, dataset.targets());
        assertEquals(steps, Batches.shuffled(dataset, 16, 42).perEpoch());
    }
}
