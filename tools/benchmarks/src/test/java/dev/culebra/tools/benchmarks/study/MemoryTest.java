package dev.culebra.tools.benchmarks.study;

import dev.culebra.runtime.HostMemory;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class MemoryTest {
    @Test
    void onAProcessorItIsTheProcesss() {
        assumeTrue(HostMemory.residentBytes().isPresent(), "only Linux tells the memory of a process");
        try (Memory memory = Memory.of("cpu")) {
            long bytes = memory.bytes();
            long peak = memory.peakBytes();
            // Linux counts pages of each core by itself and adds them up now and then.
            assertTrue(bytes > 10_000_000 && peak > 0.9 * bytes, () -> bytes + " of " + peak);
        }
    }
}
