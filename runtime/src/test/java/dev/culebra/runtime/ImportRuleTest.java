package dev.culebra.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.culebra.testing.Requirement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Imports run one way: experiments, nn, runtime, bindings. The modules above this one reach native code through it
 * alone: their sources name neither the Foreign Function and Memory API nor a raw package, one below
 * {@code dev.culebra.bindings}. That package itself is not raw: it says which libraries were found.
 */
class ImportRuleTest {
    private static final Pattern FORBIDDEN = Pattern
            .compile("\\bjava\\.lang\\.foreign\\b|\\bdev\\.culebra\\.bindings\\.[a-z]");

    @ParameterizedTest
    @ValueSource(strings = {"nn", "experiments"})
    void modulesAboveNameNeitherForeignMemoryNorRawPackages(String module) throws IOException {
        Path sources = Requirement.source("../" + module + "/src/main/java");
        List<String> violations = new ArrayList<>();
        int files = 0;
        try (Stream<Path> all = Files.walk(sources)) {
            for (Path file : all.filter(path -> path.toString().endsWith(".java")).toList()) {
                files++;
                List<String> lines = Files.readAllLines(file);
                for (int i = 0; i < lines.size(); i++) {
                    if (FORBIDDEN.matcher(lines.get(i)).find()) {
                        violations.add(file + ":" + (i + 1) + ": " + lines.get(i).strip());
                    }
                }
            }
        }
        assertTrue(files > 0, "there are sources in " + sources);
        assertEquals(List.of(), violations);
    }
}
