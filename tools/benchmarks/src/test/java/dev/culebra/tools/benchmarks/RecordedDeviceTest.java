package dev.culebra.tools.benchmarks;

import java.util.Optional;

import dev.culebra.runtime.standin.StandIn;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Of which devices numbers are kept, with a GPU or what stands in for one. */
class RecordedDeviceTest {
    @BeforeAll
    static void activate() {
        StandIn.activate();
    }

    @Test
    void whatStandsInForAGpuGivesNoNumbersToKeep() {
        assertEquals(StandIn.isActive(), Benchmarks.unmeasurable("cuda:0", Request.Outcome.RECORD).isPresent());
        assertEquals(Optional.empty(), Benchmarks.unmeasurable("cuda:0", Request.Outcome.PRINT));
        assertEquals(Optional.empty(), Benchmarks.unmeasurable("cpu", Request.Outcome.RECORD));
    }

    @Test
    void aGpuThatIsNotThereIsNotMeasured() {
        assertTrue(Benchmarks.unmeasurable("cuda:999", Request.Outcome.PRINT).orElseThrow().contains("cuda:999"));
    }
}
