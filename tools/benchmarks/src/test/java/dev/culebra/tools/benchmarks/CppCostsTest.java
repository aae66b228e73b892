package dev.culebra.tools.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.Test;

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
