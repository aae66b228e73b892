package dev.culebra.tools.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import dev.culebra.tools.benchmarks.Request.Folders;
import dev.culebra.tools.benchmarks.Request.Outcome;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class BenchmarksTest {
    @Test
    void everythingIsMeasuredUnlessPartsAreNamed() {
        List<Part> all = List.of(Part.values());
        OptionalInt usual = OptionalInt.empty();
        Folders here = new Folders(Path.of(""), Optional.empty());
        assertEquals(new Request(all, Settings.FULL, usual, Outcome.PRINT, "cpu", here), Request.parse(""));
        assertEquals(
                new Request(List.of(Part.CALLS, Part.DEVICE), Settings.QUICK, usual, Outcome.PRINT, "cpu",
                        new Folders(Path.of("/a module"), Optional.empty())),
                Request.parse("--in=/a module", "device calls --quick"));
        assertEquals(
                new Request(List.of(Part.DEVICE), Settings.QUICK, OptionalInt.of(3), Outcome.PRINT, "cpu", here),
                Request.parse("--rounds=3 device --quick"));
        assertEquals(
                new Request(List.of(Part.PYTORCH), Settings.FULL, usual, Outcome.RECORD, "cuda:1",
                        new Folders(Path.of(""), Optional.of(Path.of("/some data")))),
                Request.parse("pytorch --device=cuda:1 --record", "--data=/some data"));
        assertEquals(Outcome.PAGE_ALONE, Request.parse("--page").outcome());
        assertEquals(Optional.empty(), Request.parse("--data=").data());
    }

    @Test
    void theCommandOfAPartAloneIsTold() {
        Request request = Request.parse("djl pytorch", "--rounds=2 --record", "--data=/some data");
        assertEquals("-Dbenchmarks=\"djl --rounds=2 --record\"", request.command(Part.DJL));
        assertEquals("-Dbenchmarks=\"pytorch --rounds=2 --record\" -Dbenchmarks.data=DIR",
                request.command(Part.PYTORCH));
        assertEquals("-Dbenchmarks=\"djl --device=cuda --record\"",
                Request.parse("djl --record --device=cuda").command(Part.DJL));
        assertEquals("-Dbenchmarks=\"calls\"", Request.parse("--device=cuda").command(Part.CALLS));
        assertEquals("-Dbenchmarks=\"calls --quick\"", Request.parse("--quick").command(Part.CALLS));
    }

    @Test
    void whatIsNotKnownIsRefusedAndRoughNumbersAreNotKept() {
        assertThrows(IllegalArgumentException.class, () -> Request.parse("call"));
        assertThrows(IllegalArgumentException.class, () -> Request.parse("--quick --record"));
        assertThrows(IllegalArgumentException.class, () -> Request.parse("--rounds=some"));
        assertThrows(IllegalArgumentException.class, () -> Request.parse("--rounds=0"));
        assertThrows(IllegalArgumentException.class, () -> Request.parse("--record --page"));
        assertThrows(IllegalArgumentException.class, () -> Request.parse("--device=gpu"));
        assertThrows(IllegalArgumentException.class, () -> Request.parse("--device=reference"));
    }

    @Test
    void resultsReplaceThoseOfTheirPartAlone() {
        String page = """
                # Page
                <!-- calls: written by the benchmarks -->
                old
                <!-- end of calls -->
                <!-- device: written by the benchmarks -->
                <!-- end of device -->
                """;
        assertEquals(page.replace("old\n", "\nnew\n\n"), Report.replace(page, "calls", "new\n"));
        assertThrows(IllegalArgumentException.class, () -> Report.replace(page, "startup", "new"));
    }

    @Test
    void versionIsThatOfTheJarWithoutClassifier() {
        String[] classPath = {"/lib/cuda-13.1-9.19-1.5.13-linux-x86_64.jar", "/classes",
            "/lib/cuda-13.1-9.19-1.5.13.jar",
            "/lib/jmh-core-1.37.jar"};
        assertEquals("13.1-9.19-1.5.13", Circumstances.version("cuda", classPath));
        assertEquals("1.37", Circumstances.version("jmh-core", classPath));
        assertEquals("of unknown version", Circumstances.version("jmh", classPath));
    }
}
