package dev.culebra.experiments.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.culebra.experiments.report.chart.Drawings;
import dev.culebra.experiments.run.SmallText;
import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** From runs that were really made to their report. */
class ReportCommandTest {
    @TempDir
    Path folder;

    @BeforeEach
    void requireFonts() {
        try {
            new Drawings();
        } catch (RuntimeException | LinkageError e) {
            Requirement.FONTS.missing(String.valueOf(e.getMessage()));
        }
    }

    private void study() throws IOException {
        Path data = SmallText.in(Files.createDirectory(folder.resolve("data")));
        Program.run(SmallText.run("all --only 1,5 --hidden-size 12 --heads 3 --run-dir " + folder.resolve("runs")),
                "--data",
                data).assertDone();
    }

    @Test
    void aStudyHasAReport() throws IOException {
        study();
        Path out = folder.resolve("deep/report");
        Program program = Program.run("report", folder.resolve("runs"), "--out", out).assertDone();
        assertEquals("", program.err());
        assertTrue(
                program.out().startsWith("Wrote " + out.resolve("report.html") + ", report.md and report.tex, with "),
                program.out());
        assertTrue(program.out().endsWith(", of 2 runs." + System.lineSeparator()), program.out());
        String markdown = Files.readString(out.resolve("report.md"));
        assertTrue(markdown.contains("these made 2 epochs, 14 steps, on reference in "), markdown);
        assertTrue(markdown.contains("\n- Device and precision: reference in "), markdown);
        assertTrue(markdown.contains("\n- Embeddings: no file was given, so they are learned from N(0, 0.02)."),
                markdown);
        assertTrue(markdown.contains("With m = 3 and d = 4, as in exp5, that is 624, or 2.5\u00a0kB in fp32."),
                markdown);
        assertEquals(List.of("| exp1 | LSTM | 1 | Adam | 2 |", "| exp5 | MiniGPT1 | 1 | Adam | 2 |"), markdown.lines()
                .filter(line -> line.matches("\\| exp. \\| .* \\| 2 \\| .*"))
                .map(line -> line.replaceFirst("(\\| 2 \\|).*", "$1"))
                .distinct().toList());
    }

    @Test
    void damagedRunsAreToldAndLeftOut() throws IOException {
        study();
        Files.writeString(folder.resolve("runs/exp5/config.json"), "{");
        Program program = Program.run("report", folder.resolve("runs"), "--out", folder.resolve("report")).assertDone();
        assertTrue(program.err().startsWith("left out: exp5: config.json cannot be read ("), program.err());
        assertEquals(1, program.err().lines().count(), program.err());
        assertTrue(program.out().endsWith(", of 1 run." + System.lineSeparator()), program.out());
    }

    @Test
    void badInputIsOneLine() throws IOException {
        Path none = folder.resolve("none");
        Program.run("report", none, "--out", folder.resolve("report")).assertFails(2, "the folder of runs " + none
                + " does not exist; name the folder that --run-dir named, such as runs");
        assertFalse(Files.exists(folder.resolve("report")));
        Program.run("report", none).assertFails(2,
                "Missing required option: '--out=DIR'; 'java -jar experiments.jar report --help' shows what there is");
        study();
        Path file = Files.createFile(folder.resolve("file"));
        Program.run("report", folder.resolve("runs"), "--out", file).assertFails(2,
                "cannot write to the report's folder "
                        + file + " (" + file + " is a file); choose another one with --out");
    }
}
