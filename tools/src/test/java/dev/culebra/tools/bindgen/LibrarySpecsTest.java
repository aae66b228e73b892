package dev.culebra.tools.bindgen;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class LibrarySpecsTest {
    @Test
    void headersAreOfTheWheelsThatPipIsToldToInstall() throws IOException {
        Set<String> read = LibrarySpecs.all().stream().map(spec -> spec.origin().place())
                .flatMap(place -> place instanceof Origin.Wheels wheels
                        ? wheels.distributions().stream()
                        : Stream.of())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> installed = Files.readAllLines(Requirement.source("bindgen/requirements.txt")).stream()
                .filter(line -> line.startsWith("nvidia-")).map(line -> line.replace('-', '_').replace("==", "-"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(installed, read);
    }
}
