package dev.culebra.runtime.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ChoiceFilesTest {
    private static final String KEY = "a product of (3, 5) and (5, 7), é";

    @TempDir
    Path folder;

    private ChoiceFiles files() {
        return new ChoiceFiles(folder.resolve("choices"));
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("choices"))) {
            List<Path> found = all.toList();
            assertEquals(1, found.size(), "nothing half written is left behind");
            return found.getFirst();
        }
    }

    @Test
    void whatWasWrittenIsReadByAnother() {
        assertEquals(Optional.empty(), files().read(KEY));
        files().write(KEY, "first", Optional.empty());
        files().write(KEY, "second", Optional.of("first"));
        files().write("another", "third", Optional.empty());
        assertEquals(Optional.of("second"), files().read(KEY));
        assertEquals(Optional.of("third"), files().read("another"));
    }

    @Test
    void ofProcessesThatBeginTogetherTheFirstToKnowDecides() {
        assertEquals("first", files().write(KEY, "first", Optional.empty()));
        assertEquals("first", files().write(KEY, "late", Optional.empty()));
        assertEquals(Optional.of("first"), files().read(KEY));
    }

    @Test
    void aDamagedFileIsAsIfItWereNotThereAndIsReplaced() throws IOException {
        files().write(KEY, "choice", Optional.empty());
        byte[] whole = Files.readAllBytes(onlyFile());
        for (int length = 0; length < whole.length - 1; length++) {
            Files.write(onlyFile(), Arrays.copyOf(whole, length));
            assertEquals(Optional.empty(), files().read(KEY), length + " of " + whole.length + " bytes");
        }
        for (int position = 0; position < whole.length - 1; position++) {
            byte[] changed = whole.clone();
            changed[position] ^= 1;
            Files.write(onlyFile(), changed);
            assertEquals(Optional.empty(), files().read(KEY), "byte " + position);
        }
        files().write(KEY, "new", Optional.empty());
        assertEquals(Optional.of("new"), files().read(KEY));
    }

    @Test
    void aFileOfAnotherKeyIsNotTaken() throws IOException {
        files().write(KEY, "choice", Optional.empty());
        Path file = onlyFile();
        byte[] content = Files.readAllBytes(file);
        files().write("another", "other", Optional.empty());
        try (Stream<Path> all = Files.list(folder.resolve("choices"))) {
            Path other = all.filter(each -> !each.equals(file)).findFirst().orElseThrow();
            Files.write(other, content);
        }
        assertEquals(Optional.empty(), files().read("another"));
    }

    @Test
    void aFolderThatCannotBeMadeHoldsNothing() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "no folder", StandardCharsets.UTF_8);
        ChoiceFiles none = new ChoiceFiles(file.resolve("choices"));
        assertEquals("choice", none.write(KEY, "choice", Optional.empty()));
        assertEquals(Optional.empty(), none.read(KEY));
    }

    @Test
    void severalLinesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> files().write("two\nlines", "choice", Optional.empty()));
        String message = assertThrows(IllegalArgumentException.class,
                () -> files().write(KEY, "two\nlines", Optional.empty()))
                .getMessage();
        assertTrue(message.startsWith("a key and its choice are one line each"), message);
    }
}
