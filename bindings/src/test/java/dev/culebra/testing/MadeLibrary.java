package dev.culebra.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Assertions;

/** Tiny shared libraries made up for a test. */
public final class MadeLibrary {
    private MadeLibrary() {}

    /**
     * Compiles a library, whose soname is its file name.
     *
     * @param library the file; its folder is made
     * @param source in C
     * @param flags more for the compiler
     */
    public static Path compile(Path library, String source, String... flags) throws IOException, InterruptedException {
        Files.createDirectories(library.getParent());
        Path code = Files.createTempFile("made", ".c");
        List<String> command = new ArrayList<>(List.of("gcc", "-shared", "-fPIC",
                "-Wl,-soname," + library.getFileName(), code.toString(), "-o", library.toString()));
        command.addAll(List.of(flags));
        try {
            Files.writeString(code, source);
            Process gcc = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Assertions.assertEquals(0, gcc.waitFor(), output);
        } catch (IOException absent) {
            Requirement.HEADERS.missing("there is no gcc: " + absent.getMessage());
        } finally {
            Files.delete(code);
        }
        return library;
    }
}
