package dev.culebra.nn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** Layers know tensors and operations, neither native memory nor bindings. */
class ImportRuleTest {
    @Test
    void noSourceOfThisModuleNamesNativeMemoryOrBindings() throws IOException {
        Path sources = Path.of("src/main/java");
        if (!Files.isDirectory(sources)) {
            throw new TestAbortedException("the sources are not here");
        }
        List<Path> files;
        try (Stream<Path> walk = Files.walk(sources)) {
            files = walk.filter(file -> file.toString().endsWith(".java")).toList();
        }
        assertFalse(files.isEmpty());
        List<Path> offenders = new ArrayList<>();
        for (Path file : files) {
            String source = Files.readString(file);
            if (source.contains("java.lang.foreign") || source.contains("dev.culebra.bindings")) {
                offenders.add(file);
            }
        }
        assertEquals(List.of(), offenders);
    }
}
