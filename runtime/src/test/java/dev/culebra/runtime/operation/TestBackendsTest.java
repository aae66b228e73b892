package dev.culebra.runtime.operation;

import java.util.Set;
import java.util.stream.Collectors;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Backends;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The tests of operations run, and on everything there is. */
class TestBackendsTest {
    @Test
    void everyDeviceIsTested() {
        Set<String> devices = Backends.devices().stream().filter(device -> !device.equals("auto"))
                .collect(Collectors.toSet());
        assertEquals(devices, TestBackends.all().map(TestBackends::device).collect(Collectors.toSet()));
    }

    @Test
    void theFirstOneIsThereOnEveryMachine() {
        try (Backend backend = TestBackends.all().findFirst().orElseThrow().open()) {
            assertEquals("reference", backend.name());
        }
    }
}
