package dev.culebra.runtime.nvrtc;

import java.util.Comparator;
import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NvrtcTest {
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
