package dev.culebra.tools.benchmarks;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.culebra.runtime.cudnn.RnnAlgorithm;
import dev.culebra.runtime.cudnn.RnnArithmetic;
import dev.culebra.runtime.trial.Outcome;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class LstmAlgorithmsTest {
    @Test
    void aRowTellsTimeAndFaultsOrTheReasonOfARefusal() {
        Outcome fast = new Outcome(Optional.empty(), 1.28, true, true, false);
        Outcome refused = new Outcome(Optional.of("no such | thing\non this device"), Double.NaN, false, false, false);
        assertEquals("""
                | 2 | BF16 | PERSIST_STATIC | 1.280 | 2.50 | yes | yes | **no** |
                | 1 | TF32 | PERSIST_DYNAMIC | | | refused: no such / thing | | |
                """, Stream.of(new LstmAlgorithms.Row(RnnArithmetic.BF16, 2, 256, RnnAlgorithm.PERSIST_STATIC, fast),
                new LstmAlgorithms.Row(RnnArithmetic.TF32, 1, 256, RnnAlgorithm.PERSIST_DYNAMIC, refused))
                .map(row -> row.line() + "\n").collect(Collectors.joining()));
    }
}
