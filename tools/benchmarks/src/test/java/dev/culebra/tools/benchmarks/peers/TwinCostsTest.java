package dev.culebra.tools.benchmarks.peers;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.culebra.experiments.files.Json;
import dev.culebra.tools.benchmarks.results.Comparisons;
import dev.culebra.tools.benchmarks.results.Recording;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class TwinCostsTest {
    @Test
    void whatTheScriptWritesIsCompared() throws Exception {
        Recording recording = TwinCosts.recording("A machine", "a command", Json.mapper().readTree(
                """
                        {"circumstances": "a CPU.", "programs": ["Culebra", "PyTorch"], "rows": [
                          {"run": "exp1", "precision": "bf16", "seconds": [[2, 1], [4, 3]], "peak_bytes": [[1e9, 1e9], [3e9, 3e9]]}]}
                        """));
        assertEquals("On a CPU. `a command`.", recording.circumstances());
        Comparisons time = recording.tables().getFirst();
        assertEquals(List.of(2.0, 1.0), time.numbers().get("step of exp1, bf16").get("culebra"));
        assertEquals("""
                | what | pytorch / culebra | culebra, GB | pytorch, GB |
                | --- | ---: | ---: | ---: |
                | peak of exp1, bf16 | **3.00** | 1.0 | 3.0 |
                """, recording.tables().getLast().markdown());
    }

    @Test
    void withoutTextThereIsNothingToMeasure() {
        assertEquals(Optional.of("--data=DIR is to say where the study's text is"),
                TwinCosts.missing(Path.of(""), Optional.empty(), "cpu"));
    }
}
