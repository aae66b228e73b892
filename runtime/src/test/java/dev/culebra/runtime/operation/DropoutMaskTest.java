package dev.culebra.runtime.operation;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

class DropoutMaskTest {
    private static final int COUNT = 1_000_000;

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 0.5, 0.9})
    void theShareOfDroppedElementsIsTheProbability(double probability) {
        float[] factors = mask(new DropoutSpec(COUNT, probability, 42, 0), 0);
        int dropped = 0;
        float kept = (float) (1 / (1 - probability));
        for (float factor : factors) {
            if (factor == 0) {
                dropped++;
            } else {
                assertEquals(kept, factor);
            }
        }
        double deviation = Math.sqrt(probability * (1 - probability) / COUNT);
        assertEquals(probability, (double) dropped / COUNT, 5 * deviation);
    }

    @Test
    void neighbouringElementsAreIndependent() {
        float[] factors = mask(new DropoutSpec(COUNT, 0.5, 42, 0), 0);
        for (int distance = 1; distance <= 8; distance++) {
            int equal = 0;
            for (int i = distance; i < COUNT; i++) {
                equal += factors[i] == factors[i - distance] ? 1 : 0;
            }
            assertEquals(0.5, (double) equal / (COUNT - distance), 5 * 0.5 / Math.sqrt(COUNT), "distance " + distance);
        }
    }

    @Test
    void seedStreamAndStepEachGiveAnotherMask() {
        float[] mask = mask(new DropoutSpec(1000, 0.5, 42, 3), 7);
        assertArrayEquals(mask, mask(new DropoutSpec(1000, 0.5, 42, 3), 7));
        assertFalse(Arrays.equals(mask, mask(new DropoutSpec(1000, 0.5, 43, 3), 7)), "low half of the seed");
        assertFalse(Arrays.equals(mask, mask(new DropoutSpec(1000, 0.5, 42 + (1L << 32), 3), 7)), "high half");
        assertFalse(Arrays.equals(mask, mask(new DropoutSpec(1000, 0.5, 42, 4), 7)), "stream");
        assertFalse(Arrays.equals(mask, mask(new DropoutSpec(1000, 0.5, 42, 3), 8)), "low half of the step");
        assertFalse(Arrays.equals(mask, mask(new DropoutSpec(1000, 0.5, 42, 3), 7 + (1L << 32))), "high half");
    }

    @Test
    void aPartOfAMaskIsThatPartOfTheWhole() {
        DropoutSpec spec = new DropoutSpec(1001, 0.3, 42, 0);
        float[] part = new float[101];
        DropoutMask.fill(spec, 7, 400, part);
        assertArrayEquals(Arrays.copyOfRange(mask(spec, 7), 400, 501), part);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 7, 1023, 1024, 1025, 4099})
    void manyAtATimeGiveTheSameMask(int count) {
        DropoutMaskLanes lanes = new DropoutMaskLanes();
        for (double probability : new double[] {0, 0.1, 0.999}) {
            DropoutSpec spec = new DropoutSpec(Integer.MAX_VALUE, probability, 0x9e3779b97f4a7c15L, -3);
            for (long first : new long[] {0, 400, Integer.MAX_VALUE - 4099L & ~3}) {
                float[] expected = new float[count];
                DropoutMask.fill(spec, 5 + (7L << 32), first, expected);
                float[] given = new float[count + 1];
                given[count] = 42;
                lanes.fill(spec, 5 + (7L << 32), first, given, count);
                assertArrayEquals(expected, Arrays.copyOf(given, count));
                assertEquals(42, given[count], "what is behind stays");
            }
        }
    }

    private static float[] mask(DropoutSpec spec, long step) {
        float[] factors = new float[spec.elements()];
        DropoutMask.fill(spec, step, 0, factors);
        return factors;
    }
}
