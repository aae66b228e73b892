package dev.culebra.tools.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CppCostsTest {
    @Test
    void outputIsReadLineByLine() {
        Measurements read = CppCosts.parse("KernelLaunch 2130.250\nPinnedCopy 5.000\n");
        assertEquals(List.of("KernelLaunch", "PinnedCopy"), read.rows());
        assertEquals(2130.25, read.time("KernelLaunch", CppCosts.CPP).median());
    }

    @Test
    void anythingElseInTheOutputIsRefused() {
        assertThrows(IllegalStateException.class, () -> CppCosts.parse("KernelLaunch 2130.250 us\n"));
        assertThrows(NumberFormatException.class, () -> CppCosts.parse("KernelLaunch nan!\n"));
    }

    @Test
    void whatDoesNotCompileLeavesNothingBehind(@TempDir Path folder) throws IOException {
        if (!CppCompiler.isHere()) {
            Requirement.STAND_IN.missing("there is no g++");
        }
        Path source = Files.writeString(folder.resolve("broken.cpp"), "nonsense\n");
        IllegalStateException failure = assertThrows(IllegalStateException.class,
                () -> CppCompiler.compile(source, folder.resolve("made/program"), List.of()));
        assertTrue(failure.getMessage().contains("nonsense"), failure.getMessage());
        try (Stream<Path> left = Files.list(folder.resolve("made"))) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void programThatFindsNoDriverSaysSo() {
        if (!CppCompiler.isHere()) {
            Requirement.STAND_IN.missing("there is no g++");
        }
        Path program = CppCosts.program(Path.of("").toAbsolutePath());
        Settings settings = new Settings(1, Duration.ofMillis(1), 1, Duration.ofMillis(1), 0);
        IllegalStateException failure = assertThrows(IllegalStateException.class,
                () -> CppCosts.round(program, Path.of("libno-such-driver.so"), Path.of("image"), settings));
        assertTrue(failure.getMessage().contains("libno-such-driver.so"), failure.getMessage());
    }
}
