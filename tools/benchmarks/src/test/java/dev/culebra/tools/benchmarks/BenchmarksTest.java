package dev.culebra.tools.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

import dev.culebra.tools.benchmarks.Benchmarks.Request;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class BenchmarksTest {
    @Test
    void everythingIsMeasuredUnlessPartsAreNamed() {
        List<String> all = List.of("calls", "startup", "device", "djl");
        OptionalInt usual = OptionalInt.empty();
        assertEquals(new Request(all, Settings.FULL, usual, false, Path.of("")), Request.parse(""));
        assertEquals(new Request(List.of("calls", "device"), Settings.QUICK, usual, false, Path.of("/a module")),
                Request.parse("--in=/a module", "device calls --quick"));
        assertEquals(new Request(List.of("device"), Settings.QUICK, OptionalInt.of(3), false, Path.of("")),
                Request.parse("--rounds=3 device --quick"));
        assertEquals(new Request(List.of("startup"), Settings.FULL, usual, true, Path.of("")),
                Request.parse("startup --record"));
    }

    @Test
    void whatIsNotKnownIsRefusedAndRoughNumbersAreNotKept() {
        assertThrows(IllegalArgumentException.class, () -> Request.parse("call"));
        assertThrows(IllegalArgumentException.class, () -> Request.parse("--quick --record"));
        assertThrows(IllegalArgumentException.class, () -> Request.parse("--rounds=some"));
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
