package dev.culebra.runtime;

import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HostMemoryTest {
    private static final OptionalLong UNKNOWN = OptionalLong.empty();

    @Test
    void whatLinuxSaysCountsUnlessAContainerHasLess() {
        assertEquals(OptionalLong.of(70), HostMemory.available(OptionalLong.of(70), OptionalLong.of(100), 100,
                OptionalLong.of(20)));
        assertEquals(OptionalLong.of(30), HostMemory.available(OptionalLong.of(70), OptionalLong.of(100), 50,
                OptionalLong.of(20)));
        assertEquals(OptionalLong.of(70), HostMemory.available(OptionalLong.of(70), OptionalLong.of(100), 95,
                OptionalLong.of(20)));
        assertEquals(OptionalLong.of(0), HostMemory.available(OptionalLong.of(70), OptionalLong.of(100), 10,
                OptionalLong.of(20)));
        assertEquals(UNKNOWN, HostMemory.available(UNKNOWN, UNKNOWN, 50, UNKNOWN));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void thisMachineHasMemory() {
        assertTrue(HostMemory.availableBytes().orElseThrow() > 1 << 20);
    }
}
