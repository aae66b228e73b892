package dev.culebra.experiments.run;

import java.util.OptionalLong;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.nn.MemoryUse;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class MemoryForecastTest {
    private static final long GIBIBYTE = 1 << 30;
    /** 3 for parameters, 8 for a batch of 16, 1 of workspace. */
    private static final MemoryUse USE = new MemoryUse(GIBIBYTE, GIBIBYTE, GIBIBYTE, 7 * GIBIBYTE, GIBIBYTE, GIBIBYTE);

    private static MemoryForecast forecast(long gibibytes) {
        return new MemoryForecast(USE, OptionalLong.of(gibibytes * GIBIBYTE), 16);
    }

    @Test
    void whatFitsGoesAheadAndWhereNothingIsKnownTooAndTheRestIsToldWhatWouldFit() {
        assertDoesNotThrow(forecast(12)::requireEnough);
        assertDoesNotThrow(new MemoryForecast(USE, OptionalLong.empty(), 16)::requireEnough);
        assertEquals(
                "this run needs 12.00 GiB of memory (parameters and what belongs to them 3.00, activations and batches 8.00, "
                        + "workspace 1.00), and 9.00 are there: --batch-size 10 would fit, or end other programs",
                assertThrows(BadInputException.class, forecast(9)::requireEnough).getMessage());
    }

    @Test
    void whatWouldFitLeavesRoomForParametersAndWorkspace() {
        assertEquals(16, forecast(12).sequencesThatFit());
        assertEquals(2, forecast(5).sequencesThatFit());
        assertEquals(0, forecast(4).sequencesThatFit());
        assertEquals(
                "not even one sequence fits; choose shorter ones with --sequence-length, or fewer --layers, or end other "
                        + "programs",
                assertThrows(BadInputException.class, forecast(3)::requireEnough).getMessage()
                        .replaceFirst(".*are there: ", ""));
    }
}
