package dev.culebra.tools.benchmarks;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MeasurementsTest {
    private final Measurements measurements = new Measurements();

    @Test
    void ratioIsTakenWithinARoundAndItsMiddleIsTold() {
        rounds("ours", 10, 100, 20);
        rounds("jni", 20, 100, 30);
        assertEquals(new Measurements.Spread(1.5, 1, 2), measurements.ratio("f", "jni", "ours"));
        assertEquals(new Measurements.Spread(20, 10, 100), measurements.time("f", "ours"));
    }

    @Test
    void middleOfAnEvenNumberIsTheMeanOfTwo() {
        rounds("ours", 4, 1, 2, 10);
        assertEquals(3, measurements.time("f", "ours").median());
    }

    @Test
    void roundsOfAnotherComeAfter() {
        rounds("ours", 1);
        Measurements later = new Measurements();
        later.add("f", "ours", 3);
        later.add("g", "jni", 5);
        measurements.addAll(later);
        assertEquals(new Measurements.Spread(2, 1, 3), measurements.time("f", "ours"));
        assertEquals(List.of("f", "g"), measurements.rows());
        assertTrue(measurements.has("g", "jni"));
        assertFalse(measurements.has("g", "ours"));
    }

    @Test
    void whatCannotBeComparedIsRefused() {
        rounds("ours", 1, 2);
        rounds("jni", 1);
        assertThrows(IllegalArgumentException.class, () -> measurements.ratio("f", "jni", "ours"));
        assertThrows(IllegalArgumentException.class, () -> measurements.time("f", "critical"));
    }

    @Test
    void tableHasRatiosFirstAndEmptyCellsForWhatWasNotDone() {
        rounds("ours", 10, 10, 20);
        rounds("jni", 25, 10, 25);
        measurements.add("g", "ours", 123.4);
        measurements.add("h", "jni", 0.0625);
        assertEquals("""
                | function | jni / ours | ours, ns | jni, ns |
                | --- | ---: | ---: | ---: |
                | f | **1.25** (1.00 to 2.50) | 10.0 | 25.0 |
                | g |  | 123 |  |
                | h |  |  | 0.063 |
                """, new RatioTable("function", "ours", List.of("jni"), "ns", 1).markdown(measurements));
    }

    @Test
    void tableCountsInItsUnit() {
        rounds("ours", 2_500_000);
        rounds("jni", 5_000_000);
        assertEquals("| f | **2.00** | 2.5 | 5.0 |",
                new RatioTable("call", "ours", List.of("jni"), "ms", 1e6).markdown(measurements).lines().toList()
                        .get(2));
    }

    private void rounds(String way, double... times) {
        for (double time : times) {
            measurements.add("f", way, time);
        }
    }
}
