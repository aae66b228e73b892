package dev.culebra.experiments.run;

import dev.culebra.nn.GptModelSpec;
import dev.culebra.nn.LstmModelSpec;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
