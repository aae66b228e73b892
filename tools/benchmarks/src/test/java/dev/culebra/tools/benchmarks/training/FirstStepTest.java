package dev.culebra.tools.benchmarks.training;

import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FirstStepTest {
    private static final String START = "{\"event\":\"start\",\"run\":\"exp1\",\"start_up\":"
            + "{\"process\":0.5,\"data\":0.25,\"device\":1.0,\"model\":2.0}}";
    private static final String STEP = "{\"event\":\"step\",\"step\":1,\"seconds\":0.125}";

    @Test
    void aLaterStepChangesNothing() {
        FirstStep.Listener listener = new FirstStep.Listener(System.nanoTime() - 10_000_000_000L);
        listener.line("a warning");
        listener.line(START);
        listener.line(STEP);
        listener.line("{\"event\":\"step\",\"step\":2,\"seconds\":7}");
        FirstStep step = listener.result();
        assertEquals(Map.of("process", 0.5, "data", 0.25, "device", 1.0, "model", 2.0, "first step", 0.125),
                step.phases());
        assertTrue(step.seconds() > 9.875 && step.seconds() < 9.875 + 60, step::toString);
    }

    @Test
    void withoutAStepOrTheTimesOfTheStartThereIsNoResult() {
        FirstStep.Listener without = new FirstStep.Listener(System.nanoTime());
        without.line(START);
        assertThrows(IllegalStateException.class, without::result);
        FirstStep.Listener old = new FirstStep.Listener(System.nanoTime());
        old.line("{\"event\":\"start\",\"run\":\"exp1\"}");
        old.line(STEP);
        assertThrows(IllegalStateException.class, old::result);
    }
}
