package dev.culebra.runtime.nvrtc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NvrtcTest {
    @TempDir
    private Path folder;

    @BeforeAll
    static void requireNvrtc() {
        RequiredNvrtc.check();
    }

    @Test
    void versionHasTwoNumbers() {
        assertTrue(Nvrtc.version().matches("1[2-9]\\.\\d+"), Nvrtc.version());
    }

    @Test
    void supportedArchitecturesAreSortedAndHaveThoseOfTheStudy() {
        List<String> architectures = Nvrtc.supportedArchitectures();
        assertTrue(architectures.containsAll(List.of("sm_80", "sm_90", "sm_100")), architectures.toString());
        List<String> sorted = architectures.stream()
                .sorted(Comparator.comparingInt(name -> Integer.parseInt(name.substring(3)))).toList();
        assertEquals(sorted, architectures);
    }

    @Test
    void buildIsTheSameEachTimeAndNamesTheVersion() {
        assertEquals(Nvrtc.build(), Nvrtc.build());
        assertTrue(Nvrtc.build().contains(Nvrtc.version()), Nvrtc.build());
    }

    @Test
    void buildIsWhatTheCompilerSaysWhereItsFileIsUnknown() {
        String build = Nvrtc.build(Optional.empty());
        assertTrue(build.contains("release " + Nvrtc.version() + ", V" + Nvrtc.version() + "."), build);
    }

    @Test
    void anotherFileOfTheCompilerIsAnotherBuild() throws IOException {
        Path library = Files.writeString(folder.resolve("libnvrtc.so.13"), "one");
        Path builtins = Files.writeString(folder.resolve("libnvrtc-builtins.so.13.0"), "two");
        Files.writeString(folder.resolve("libcudart.so.13"), "three");
        FileTime time = FileTime.fromMillis(1_700_000_000_000L);
        Files.setLastModifiedTime(library, time);
        Files.setLastModifiedTime(builtins, time);
        String build = Nvrtc.build(Optional.of(library));
        assertEquals(Nvrtc.version() + " libnvrtc-builtins.so.13.0 3 " + time + " libnvrtc.so.13 3 " + time, build);
        Files.writeString(builtins, "longer");
        Files.setLastModifiedTime(builtins, time);
        assertNotEquals(build, Nvrtc.build(Optional.of(library)));
    }

    @Test
    void knownStatusIsNamed() {
        assertDoesNotThrow(() -> Nvrtc.check("nvrtcAny", 0));
        NvrtcException failure = assertThrows(NvrtcException.class, () -> Nvrtc.check("nvrtcAny", 6));
        assertEquals("NVRTC_ERROR_COMPILATION (6) from nvrtcAny", failure.getMessage());
        assertEquals(6, failure.status());
        assertEquals("nvrtcAny", failure.function());
        assertEquals("NVRTC_ERROR_COMPILATION", failure.name());
    }

    @Test
    void unknownStatusIsANumber() {
        for (int status : new int[] {4711, -1, Integer.MIN_VALUE}) {
            NvrtcException failure = assertThrows(NvrtcException.class, () -> Nvrtc.check("nvrtcAny", status));
            assertTrue(failure.getMessage().endsWith("(" + status + ") from nvrtcAny"), failure.getMessage());
        }
    }
}
