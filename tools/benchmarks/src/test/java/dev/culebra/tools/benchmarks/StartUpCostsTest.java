package dev.culebra.tools.benchmarks;

import java.util.List;

import dev.culebra.testing.Requirement;
import dev.culebra.tools.benchmarks.calls.JniLibraries;
import dev.culebra.tools.benchmarks.startup.Library;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class StartUpCostsTest {
    @Test
    void everyWayOfStartingFindsTheSameLibraries() {
        JniLibraries.missing().ifPresent(Requirement.NVIDIA_LIBRARIES::missing);
        List<Library> all = Library.NVIDIA;
        StartUpCosts.Start ours = StartUpCosts.start(StartUpCosts.OURS, all);
        assertEquals(all.size(), ours.versions().split(" ").length);
        assertTrue(ours.nanoseconds() > 0);
        assertEquals(ours.versions(), StartUpCosts.start(StartUpCosts.OURS_BY_LINKER, all).versions());
        assertEquals(ours.versions(), StartUpCosts.start(StartUpCosts.JNI, all).versions());
    }

    @Test
    void answerIsReadAmongWarnings() {
        assertEquals(new StartUpCosts.Start(1234, "92400 13"),
                StartUpCosts.parse("WARNING: something\nnanoseconds 1234 92400 13\n"));
        assertThrows(IllegalStateException.class, () -> StartUpCosts.parse("Exception in thread main"));
    }
}
