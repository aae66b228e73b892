package dev.culebra.experiments.report.content;

import dev.culebra.experiments.run.Statistic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** As many digits as say something. */
class FormatsTest {
    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"146.149; 146.1", "999.94; 999.9", "1509.3; 1,509", "852800; 852,800",
        "1.23e12; 1.2e+12"})
    void perplexitiesAreWholeFromAThousandOn(double value, String text) {
        assertEquals(text, Formats.perplexity(value));
    }

    @ParameterizedTest
    @CsvSource({"10, 10", "1, 1", "0.2, 0.20", "0.0129, 0.013", "0.0043, 0.0043", "0, 0"})
    void partsOfAnEpochHaveTwoDigitsHoweverSmallTheyAre(double value, String text) {
        assertEquals(text, Formats.epoch(value));
    }

    @ParameterizedTest
    @CsvSource({"2496, 2.5 kB", "9449472, 9.4 MB", "1620000000, 1.62 GB"})
    void memoryHasAUnitThatSuitsIt(double bytes, String text) {
        assertEquals(text.replace(' ', '\u00a0'), Formats.memory(bytes));
    }

    @Test
    void littleMemoryIsNotNothing() {
        assertEquals("0.0064", Formats.gigabytes(6.4e6));
        assertEquals("0.65", Formats.gigabytes(6.5e8));
        assertEquals("0.00", Formats.gigabytes(0));
    }

    @Test
    void aSpreadHasNoMoreDigitsThanItsMean() {
        assertEquals("1,818 \u00b1 50", Formats.statistic(new Statistic(1817.8, 50.4, 2), Formats::perplexity));
        assertEquals("146.1 \u00b1 0.7", Formats.statistic(new Statistic(146.1, 0.7, 2), Formats::perplexity));
        assertEquals("1,818", Formats.statistic(new Statistic(1817.8, 0, 1), Formats::perplexity));
    }
}
