package dev.culebra.experiments.prepare;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import dev.culebra.experiments.data.NpzReader;
import dev.culebra.experiments.data.StudyData;
import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.failure.InterruptedRunException;
import dev.culebra.experiments.text.GptTokenizer;
import dev.culebra.experiments.text.GptTokenizerTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PreparationTest {
    private static final String TEXT = " = Ships = \n \n The ships wait .\r\n\u00a0\n\t\nthe lock fills\n\u0007\n";

    @TempDir
    Path folder;

    private final List<String> notes = new ArrayList<>();
    private Path vocabulary;
    private Path out;

    @BeforeEach
    void vocabulary() throws IOException {
        vocabulary = GptTokenizerTest.vocabulary(Files.createDirectory(folder.resolve("vocabulary")));
        out = folder.resolve("data/wikitext");
    }

    private Preparation preparation(boolean overwrite) {
        return new Preparation(out, overwrite, new PreparationListener() {
            @Override
            public void progress(String task, long done, long total) {}

            @Override
            public void note(String sentence) {
                notes.add(sentence);
            }
        }, () -> false);
    }

    private Path text(String name, String text) throws IOException {
        Path source = Files.createDirectories(folder.resolve("source"));
        Files.createDirectories(source.resolve(name).getParent());
        Files.writeString(source.resolve(name), text);
        return source;
    }

    private int[] array(String split, String name) {
        try (NpzReader reader = new NpzReader(out.resolve("wiki." + split + ".npz"))) {
            return reader.readInts(name).values();
        }
    }

    private void assertPrepared(String split) {
        try (GptTokenizer tokenizer = GptTokenizer.open(vocabulary)) {
            List<int[]> lines = tokenizer.encode(List.of("= Ships =", "The ships wait .", "the lock fills", "\u0007"));
            assertArrayEquals(lines.stream().mapToInt(line -> line.length).toArray(), array(split, "sizes"));
            assertArrayEquals(lines.stream().flatMapToInt(Arrays::stream).toArray(), array(split, "tokens"));
            assertArrayEquals(new int[] {tokenizer.vocabularySize()}, array(split, "vocabulary_size"));
        }
    }

    @Test
    void everySplitBecomesTokensLineByLine() throws IOException {
        text("wiki.train.raw", TEXT);
        text("wiki.valid.tokens", TEXT);
        Path source = text("wiki.test.raw", TEXT);
        preparation(false).prepare(source, vocabulary);
        for (String split : List.of("train", "validation", "test")) {
            assertPrepared(split);
        }
        assertEquals(3, notes.size());
        // What the tokens mean is kept with them.
        try (GptTokenizer tokenizer = GptTokenizer.open(out)) {
            assertTrue(tokenizer.decode(array("test", "tokens")).contains("the ships wait ."));
        }
    }

    @Test
    void aVocabularyAsHuggingFaceNamesItIsKeptUnderTheStudysNames() throws IOException {
        Path theirs = Files.createDirectory(folder.resolve("theirs"));
        Files.move(vocabulary.resolve(GptTokenizer.VOCABULARY_FILE), theirs.resolve("vocab.json"));
        Files.move(vocabulary.resolve(GptTokenizer.MERGES_FILE), theirs.resolve("merges.txt"));
        preparation(false).prepare(text("wiki.test.raw", TEXT), theirs);
        assertTrue(Files.exists(out.resolve(GptTokenizer.VOCABULARY_FILE)));
        assertTrue(Files.exists(out.resolve(GptTokenizer.MERGES_FILE)));
    }

    @Test
    void packedTextIsTheSame() throws IOException {
        Path source = Files.createDirectory(folder.resolve("packed"));
        try (OutputStream gz = new GZIPOutputStream(Files.newOutputStream(source.resolve("wiki.test.raw.gz")))) {
            gz.write(TEXT.getBytes(StandardCharsets.UTF_8));
        }
        preparation(false).prepare(source, vocabulary);
        assertPrepared("test");
    }

    @Test
    void anArchiveIsReadInItsFolder() throws IOException {
        Path archive = folder.resolve("wikitext-2-raw-v1.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            for (String name : List.of("wiki.train.raw", "wiki.valid.raw", "wiki.test.raw")) {
                zip.putNextEntry(new ZipEntry("wikitext-2-raw/" + name));
                zip.write(TEXT.getBytes(StandardCharsets.UTF_8));
            }
        }
        preparation(false).prepare(archive, vocabulary);
        assertPrepared("train");
        assertPrepared("validation");
        assertPrepared("test");
    }

    @Test
    void whatIsThereIsReplacedOnlyOnDemand() throws IOException {
        Path source = text("wiki.test.raw", TEXT);
        preparation(false).prepare(source, vocabulary);
        text("wiki.test.raw", "other");
        assertRefused(out.resolve("wiki.test.npz") + " is there already", source);
        assertPrepared("test");
        preparation(true).prepare(source, vocabulary);
        assertEquals(1, array("test", "sizes").length);
    }

    @Test
    void whatCannotBeUsedIsTold() throws IOException {
        assertRefused("does not exist; --from names", folder.resolve("nowhere"));
        assertRefused("has none of wiki.train.raw", Files.createDirectory(folder.resolve("empty")));
        Path noArchive = folder.resolve("text.txt");
        Files.writeString(noArchive, "text");
        assertRefused("is neither a folder nor a zip archive", noArchive);
        Path damaged = Files.createDirectory(folder.resolve("damaged"));
        Files.writeString(damaged.resolve("wiki.test.raw.gz"), "no gzip");
        assertRefused("is damaged", damaged);
        Path latin = Files.createDirectory(folder.resolve("latin"));
        Files.write(latin.resolve("wiki.test.raw"), "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        assertRefused("is not text in UTF-8", latin);
        assertFalse(Files.exists(out.resolve("wiki.test.npz")));
    }

    private void assertRefused(String told, Path source) {
        String message = assertThrows(BadInputException.class, () -> preparation(false).prepare(source, vocabulary))
                .getMessage();
        assertTrue(message.contains(told), message);
    }

    @Test
    void anInterruptedSplitLeavesNothing() throws IOException {
        Path source = text("wiki.test.raw", TEXT);
        Preparation interrupted = new Preparation(out, false, preparation(false).listener(), () -> true);
        assertThrows(InterruptedRunException.class, () -> interrupted.prepare(source, vocabulary));
        try (Stream<Path> files = Files.list(out)) {
            assertEquals(List.of(), files.filter(file -> file.toString().contains("npz")).toList());
        }
    }

    /** With the study's text and vocabulary beside the project. */
    @Test
    void theStudysTestSplitComesOutTokenForToken() {
        Path text = StudyData.folder("wikitext-2");
        preparation(false).prepare(text, StudyData.folder("gpt-bpe"));
        try (NpzReader reader = new NpzReader(text.resolve("wiki.test.npz"))) {
            assertArrayEquals(reader.readInts("tokens").values(), array("test", "tokens"));
            assertArrayEquals(reader.readInts("sizes").values(), array("test", "sizes"));
        }
    }
}
