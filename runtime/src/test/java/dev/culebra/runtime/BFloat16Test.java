package dev.culebra.runtime;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BFloat16Test {
    @Test
    void everyNumberSurvivesTheWayToFloatAndBack() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = BFloat16.toFloat((short) bits);
            if (!Float.isNaN(value)) {
                assertEquals((short) bits, BFloat16.fromFloat(value));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"3f800000, 3f80", // 1 is exact
        "3f807fff, 3f80", // just below the middle: down
        "3f808000, 3f80", // a tie: to the even one below
        "3f808001, 3f81", // just above the middle: up
        "3f818000, 3f82", // a tie: to the even one above
        "3fffffff, 4000", // the carry goes on into the exponent
        "bf808000, bf80", // negative numbers alike
        "bf818000, bf82", //
        "00008000, 0000", // subnormal, a tie to 0
        "00008001, 0001", //
        "80000000, 8000", // -0
        "7f7fffff, 7f80", // the largest float is nearer to infinity than to the largest bfloat16
        "7f7f7fff, 7f7f", //
        "7f800000, 7f80", // infinity
        "ff800000, ff80"})
    void roundsToTheNearestTiesToEven(String bits, String expected) {
        float value = Float.intBitsToFloat(Integer.parseUnsignedInt(bits, 16));
        assertEquals(expected, "%04x".formatted(BFloat16.fromFloat(value)));
    }

    @ParameterizedTest
    @CsvSource({"7fc00000", "ffc00000", "7f800001", "ff800001", "7fffffff", "ffffffff"})
    void notANumberStaysNotANumber(String bits) {
        float nan = Float.intBitsToFloat(Integer.parseUnsignedInt(bits, 16));
        assertTrue(Float.isNaN(BFloat16.toFloat(BFloat16.fromFloat(nan))));
    }
}
