package dev.culebra.experiments.run;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.nn.Gelu;
import dev.culebra.nn.GptModelSpec;
import dev.culebra.nn.LstmModelSpec;
import dev.culebra.nn.ModelOptions;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ModelMemoryTest {
    @Test
    void parameterCountsAreTheStudys() {
        int table = 40_479 * 768;
        assertEquals(3_019_520, ModelMemory.parameters(new LstmModelSpec(40_479, 768, 1, 512)) - table);
        assertEquals(3_019_520 + 3 * 2_101_248.0,
                ModelMemory.parameters(new LstmModelSpec(40_479, 768, 4, 512)) - table);
        assertEquals(2 * 7_087_872.0,
                ModelMemory.parameters(new GptModelSpec(40_479, 768, 2, 12, 256)) - table - 256 * 768);
    }

    @Test
    void whatNoMachineHoldsIsRefused() {
        GptModelSpec spec = new GptModelSpec(40_479, 768, 2, 12, 256);
        ModelOptions huge = new ModelOptions(1 << 30, 1 << 16, 0, false, 42);
        for (Runnable check : new Runnable[] {() -> ModelMemory.requireForTraining(spec, huge, 2),
            () -> ModelMemory.requireForEvaluation(spec, huge)}) {
            BadInputException e = assertThrows(BadInputException.class, check::run);
            assertTrue(e.getMessage().contains(" GiB at the least, and this machine has "), e.getMessage());
        }
        assertDoesNotThrow(() -> ModelMemory.requireForEvaluation(spec, new ModelOptions(1, 256, 0, false, 42)));
    }

    /** 0.1 GiB of weights, and 4 TiB of keys and values. */
    @Test
    void keysAndValuesOfATextCount() {
        GptModelSpec spec = new GptModelSpec(2, 16, 2048, 1, 1 << 24, 1, Gelu.EXACT);
        assertThrows(BadInputException.class, () -> ModelMemory.requireForGeneration(spec));
        assertDoesNotThrow(() -> ModelMemory.requireForGeneration(new GptModelSpec(40_479, 768, 2, 12, 256)));
    }

    @Test
    void aModelOfLargerTensorsThanThereAreIsBadInput() {
        GptModelSpec spec = new GptModelSpec(1 << 16, 1 << 16, 1, 1, 1, 1, Gelu.EXACT);
        try (Backend backend = new ReferenceBackend()) {
            assertEquals("a model of these sizes cannot be made (" + spec + " needs a tensor of more than 2147483647 "
                    + "elements); choose smaller ones",
                    assertThrows(BadInputException.class, () -> Architecture.buildDecoder(backend, spec)).getMessage());
        }
    }
}
