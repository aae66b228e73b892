package dev.culebra.tools.bindgen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Generates all bindings in memory and compares them with what is committed. */
class RegenerationTest {
    private static final Path ROOT = Workbench.ROOT;
    private static List<Generated> libraries;

    @BeforeAll
    static void generate() throws IOException {
        try {
            libraries = Bindgen.generate(ROOT);
        } catch (MissingToolException missing) {
            Requirement.HEADERS.missing(missing.getMessage());
        }
    }

    @Test
    void regeneratingLeavesNoDifference() throws IOException {
        for (Generated library : libraries) {
            try (Stream<Path> files = Files.list(library.folder(ROOT))) {
                Map<String, Path> committed = files
                        .collect(Collectors.toMap(file -> file.getFileName().toString(), file -> file));
                assertEquals(library.sources().keySet(), committed.keySet());
                for (Map.Entry<String, String> source : library.sources().entrySet()) {
                    assertEquals(source.getValue(), Files.readString(committed.get(source.getKey())), source.getKey());
                }
            }
        }
    }

    @Test
    void jextractGetsTheSameNames() throws IOException {
        for (Generated library : libraries) {
            assertEquals(JextractArguments.arguments(library),
                    Files.readString(JextractArguments.file(library, ROOT)));
        }
    }

    @Test
    void checksumsAreThoseOfTheSources() throws IOException {
        assertEquals(Bindgen.checksums(libraries, ROOT), Files.readString(ROOT.resolve("bindings/generated.sha256")));
    }

    @Test
    void readmeHasTheCoverageReport() throws IOException {
        String readme = Files.readString(ROOT.resolve("bindings/README.md"));
        assertEquals(Bindgen.withCoverage(readme, Coverage.report(libraries)), readme);
    }
}
