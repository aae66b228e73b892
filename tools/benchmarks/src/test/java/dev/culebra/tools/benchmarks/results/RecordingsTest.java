package dev.culebra.tools.benchmarks.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RecordingsTest {
    private static final Comparisons TABLE = new Comparisons("Time", List.of("ours", "ours fast"), "peer", "ms", 1e6,
            Map.of("a step", Map.of("ours", List.of(2e6, 4e6, 3e6), "ours fast", List.of(1e6, 1e6, 1e6), "peer",
                    List.of(4e6, 6e6, 9e6))));

    @TempDir
    private Path module;

    @Test
    void ratiosAreTakenWithinARoundAndComeFirst() {
        assertEquals("""
                | what | peer / ours | peer / ours fast | ours, ms | ours fast, ms | peer, ms |
                | --- | ---: | ---: | ---: | ---: | ---: |
                | a step | **2.00** (1.50 to 3.00) | **6.00** (4.00 to 9.00) | 3.0 | 1.0 | 6.0 |
                """, TABLE.markdown());
    }

    @Test
    void pageShowsEveryMachineAndALaterRecordingReplacesOneOfTheSame() throws IOException {
        Recordings<Recording> recordings = new Recordings<>(module, "part", Recording.class);
        assertEquals(Optional.empty(), recordings.markdown());
        recordings.keep(recording("Some CPU (R), 2 processors", "old"));
        recordings.keep(recording("Another, 64 processors", "other"));
        recordings.keep(recording("Some CPU (R), 2 processors", "new"));
        String page = recordings.markdown().orElseThrow();
        assertTrue(
                page.startsWith(
                        "### Another, 64 processors\n\n![part](results/part/another-64-processors.svg)\n\nother\n"),
                page);
        assertTrue(page.contains("\n### Some CPU (R), 2 processors\n"), page);
        assertTrue(page.contains("\n\nnew\n\nTime:\n\n" + TABLE.markdown() + "\nA note.\n"), page);
        assertTrue(!page.contains("old"), page);
        String svg = Files.readString(module.resolve("results/part/some-cpu-r-2-processors.svg"));
        assertTrue(svg.contains("a step") && svg.contains("ours fast"), svg);
    }

    private static Recording recording(String machine, String circumstances) {
        return new Recording(machine, circumstances, List.of("A note."), List.of(TABLE));
    }
}
