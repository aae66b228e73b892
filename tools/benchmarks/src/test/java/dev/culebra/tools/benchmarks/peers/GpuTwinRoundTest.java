package dev.culebra.tools.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.culebra.tools.benchmarks.results.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class GpuTwinRoundTest {
    @TempDir
    private Path folder;

    /** As the script writes it. */
    private GpuTwinRound round(double compiled, double eager) throws IOException {
        String setting = "{\"device\": \"cuda:0 (a card)\", \"pytorch_device\": \"cuda\", \"pytorch_version\": \"PyTorch 2.11 on cuda (a card)\", ";
        return GpuTwinRound.read(Files.writeString(folder.resolve("twin.jsonl"), setting + """
                "kind": "losses", "run": "exp5", "precision": "bf16", "culebra": [1.0], "pytorch": [1.0], "agree": true}
                """ + setting
                + """
                        "kind": "speed", "run": "exp5", "program": "Culebra", "way": "Culebra bf16", "seconds": 0.002, "seconds_highest": 0.003, "peak_device_memory_bytes": null}
                        """
                + setting
                + """
                        "kind": "speed", "run": "exp5", "program": "PyTorch", "way": "2021: eager fp32", "seconds": 0.02, "seconds_highest": 0.03, "peak_device_memory_bytes": 9000000000}
                        """
                + setting
                + """
                        "kind": "speed", "run": "exp5", "program": "PyTorch", "way": "eager bf16", "seconds": %s, "seconds_highest": 0.03, "peak_device_memory_bytes": 4000000000}
                        """
                        .formatted(eager)
                + setting
                + """
                        "kind": "speed", "run": "exp5", "program": "PyTorch", "way": "compiled bf16", "seconds": %s, "seconds_highest": 0.03, "peak_device_memory_bytes": 3000000000}
                        """
                        .formatted(compiled)
                + setting + """
                        "kind": "remark", "text": "PyTorch's speed of exp5, eager fp16: not to be had here, a reason"}
                        """));
    }

    @Test
    void theFastestOfPyTorchsWaysCountsInEachRoundAndThatOf2021ByItself() throws IOException {
        Recording recording = GpuTwinRound.recording("a card beside a CPU", "cuDNN 9", "a command",
                List.of(round(0.004, 0.006), round(0.009, 0.006)));
        assertTrue(recording.circumstances().startsWith("On a card beside a CPU; cuDNN 9; Java "),
                recording::circumstances);
        assertTrue(recording.circumstances().contains("; PyTorch 2.11 on cuda (a card); "), recording::circumstances);
        assertTrue(recording.circumstances().endsWith("; rounds: 2; `a command`."), recording::circumstances);
        assertEquals("""
                | what | pytorch, fastest / culebra bf16 | culebra bf16, ms | pytorch, fastest, ms |
                | --- | ---: | ---: | ---: |
                | step of exp5 | **2.50** (2.00 to 3.00) | 2.0 | 5.0 |
                """, recording.tables().getFirst().markdown());
        assertEquals("""
                | what | pytorch, 2021 / culebra bf16 | culebra bf16, ms | pytorch, 2021, ms |
                | --- | ---: | ---: | ---: |
                | step of exp5 as in 2021 | **10.00** | 2.0 | 20.0 |
                """, recording.tables().getLast().markdown());
        assertEquals(List.of("PyTorch's fastest way for exp5: compiled bf16.",
                "PyTorch's fastest way for exp5: eager bf16.",
                "PyTorch's speed of exp5, eager fp16: not to be had here, a reason"), recording.notes());
    }

    @Test
    void aRunWithoutAnyOfPyTorchsWaysInARoundHasNoRatioThere() throws IOException {
        GpuTwinRound whole = round(0.004, 0.006);
        GpuTwinRound without = new GpuTwinRound(whole.pytorch(),
                whole.speeds().stream().filter(speed -> speed.ours() || speed.way().startsWith("2021")).toList(),
                List.of());
        Recording recording = GpuTwinRound.recording("a card", "cuDNN 9", "a command", List.of(whole, without));
        assertEquals(List.of(0.002), recording.tables().getFirst().numbers().get("step of exp5").get("culebra bf16"));
        assertEquals(List.of(0.002, 0.002),
                recording.tables().getLast().numbers().get("step of exp5 as in 2021").get("culebra bf16"));
    }
}
