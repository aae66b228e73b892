package dev.culebra.experiments.run;

import java.util.OptionalLong;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.nn.MemoryUse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MemoryForecastTest {
    private static final long GIBIBYTE = 1 << 30;
    /** 3 for parameters, 8 for a batch of 16, 1 of workspace. */
    private static final MemoryUse USE = new MemoryUse(GIBIBYTE, GIBIBYTE, GIBIBYTE, 7 * GIBIBYTE, GIBIBYTE, GIBIBYTE);

    private static MemoryForecast forecast(long gibibytes, boolean continued) {
        return new MemoryForecast(USE, "cuda:0", OptionalLong.of(gibibytes * GIBIBYTE), 16, continued);
    }

    private static String refusal(MemoryForecast forecast) {
        return assertThrows(BadInputException.class, forecast::requireEnough).getMessage();
    }

    @Test
    void whatFitsGoesAheadAndSoDoesWhatNobodyKnows() {
        assertDoesNotThrow(forecast(12, false)::requireEnough);
        assertDoesNotThrow(new MemoryForecast(USE, "reference", OptionalLong.empty(), 16, false)::requireEnough);
    }

    @Test
    void aRefusalSaysWhatIsNeededWhereAndWhatWouldFit() {
        assertEquals(
                "this run needs 12.00 GiB of memory on cuda:0, which has 9.00 left: 3.00 for parameters and what belongs to "
                        + "them, 8.00 for activations and batches, 1.00 for workspace. --batch-size 10 would fit; or end other programs",
                refusal(forecast(9, false)));
    }

    @ParameterizedTest
    @CsvSource({"11, --batch-size 14 would fit", "5, --batch-size 2 would fit", "4, Not even one sequence fits",
        "3, Not even one sequence fits"})
    void whatWouldFitLeavesRoomForParametersAndWorkspace(long gibibytes, String advice) {
        assertTrue(refusal(forecast(gibibytes, false)).contains(advice), () -> refusal(forecast(gibibytes, false)));
    }

    @Test
    void aRunThatGoesOnCannotChangeItsBatch() {
        assertTrue(refusal(forecast(9, true)).endsWith(". End other programs, or go on where there is more"));
    }
}
