package dev.culebra.runtime.cuda;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.culebra.runtime.Precision;
import dev.culebra.runtime.nvrtc.ResourceUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class KernelUseTest {
    private static KernelUse use(String architecture, int threads, int registers, int staticShared, int dynamicShared) {
        return new KernelUse(KernelVariant.of("scale", Map.of("WIDTH", 7, "ACTIVATION", "bf16")),
                List.of(Precision.FP32, Precision.BF16), threads, dynamicShared,
                new ResourceUsage("scale", architecture, registers, staticShared, 0, 0, 0));
    }

    @ParameterizedTest
    @CsvSource({
        "512, 128, true", "512, 129, false", "1024, 64, true", "1024, 65, false", "256, 255, true", "288, 255, false",
        // A warp is whole, and so is its portion of registers: 8 more for each thread.
        "481, 128, true", "513, 121, false"})
    void aMultiprocessorHas65536Registers(int threads, int registers, boolean fits) {
        assertEquals(fits, use("sm_90a", threads, registers, 0, 0).fits());
    }

    @ParameterizedTest
    @CsvSource({
        "sm_80, 0, 166912, true", "sm_80, 4, 166912, false", "sm_90a, 4, 166912, true", "sm_90a, 0, 232448, true",
        "sm_90a, 0, 232452, false", "sm_100, 1024, 231424, true", "sm_100, 1024, 231428, false"})
    void aBlockHasSharedMemoryOfItsArchitecture(String architecture, int ofKernel, int ofLaunch, boolean fits) {
        assertEquals(fits, use(architecture, 32, 16, ofKernel, ofLaunch).fits());
    }

    @Test
    void arraysAndSpilledRegistersAreLocalMemory() {
        assertFalse(local(0, 0, 0).usesLocalMemory());
        Stream.of(local(8, 0, 0), local(0, 8, 0), local(0, 0, 8)).forEach(use -> assertTrue(use.usesLocalMemory()));
    }

    private static KernelUse local(int stack, int stores, int loads) {
        return new KernelUse(KernelVariant.of("scale", Map.of()), List.of(), 32, 0,
                new ResourceUsage("scale", "sm_80", 16, 0, stack, stores, loads));
    }

    @Test
    void aRowHasAllNumbers() {
        assertEquals("| `scale` | ACTIVATION=bf16 WIDTH=7 | fp32, bf16 | sm_100 | 64 | 20 | 12 | 4096 | 0 | 0 | 0 |\n",
                use("sm_100", 64, 20, 12, 4096).row());
    }
}
