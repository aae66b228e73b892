package dev.culebra.tools.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.culebra.tools.benchmarks.results.Comparisons;
import dev.culebra.tools.benchmarks.results.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The whole comparison with DJL, at sizes that mean nothing. */
class PeerCostsTest {
    @TempDir
    private Path folder;

    @Test
    void timesStartsAndMemoryAreMeasuredInEveryWay() throws IOException {
        AgreementTest.requireBothSides();
        Path program = Files.write(folder.resolve("experiments.jar"), new byte[1_200_000]);
        List<String> progress = new ArrayList<>();
        Recording recording = new PeerCosts(List.of(Comparison.EXP1), Extent.SMALL, Extent.SMALL, 3, 1, 1)
                .measure("cpu", program, "a command", progress::add);
        assertTrue(recording.circumstances().contains("DJL 0.36.0 with PyTorch 2.7.1"), recording::circumstances);
        assertTrue(recording.circumstances().endsWith("; `a command`."), recording::circumstances);
        assertEquals(3, recording.tables().size());
        for (Comparisons table : recording.tables()) {
            for (Map<String, List<Double>> ways : table.numbers().values()) {
                assertEquals(ways(), List.copyOf(ways.keySet()), table::title);
                ways.values().forEach(rounds -> assertTrue(rounds.size() == 1 && rounds.getFirst() > 0, table::title));
            }
        }
        assertEquals(List.of("training step, exp1"), List.copyOf(recording.tables().getFirst().numbers().keySet()));
        assertEquals(List.of("training step, exp1, its peak", "training step, exp1 of small batches, after step 1",
                "training step, exp1 of small batches, after step 3"),
                List.copyOf(recording.tables().getLast().numbers().keySet()));
        assertTrue(
                recording.notes().getLast()
                        .matches("To download: DJL's jars and those that they need, 1\\d\\d\\.\\d MB; "
                                + "experiments.jar, the whole program: 1\\.2 MB\\."),
                recording.notes()::toString);
    }

    private static List<String> ways() {
        return Way.here(new Conditions(Extent.SMALL.sizes(), "cpu", Optional.empty())).stream().map(Way::toString)
                .toList();
    }

    @Test
    void aProcessTellsItsMemoryAfterSomeOfItsSteps() {
        TrainingProcess.Cost cost = TrainingProcess.parse("""
                a warning
                step 1 resident 10 peak 20
                step 2 resident 25 peak 30
                step 10 resident 30 peak 40
                """, List.of(1.5, 2.5, 3.5));
        assertEquals(new TrainingProcess.Cost(1.5, new TreeMap<>(Map.of(1, 10L, 2, 25L, 10, 30L)), 40), cost);
        assertThrows(IllegalStateException.class, () -> TrainingProcess.parse("killed", List.of()));
    }
}
