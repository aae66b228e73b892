package dev.culebra.runtime.machine;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.culebra.bindings.CondaEnvironment;
import dev.culebra.bindings.LibraryDescription;
import dev.culebra.bindings.LibraryFileName;
import dev.culebra.bindings.Native;
import dev.culebra.bindings.NativeLibrary;
import dev.culebra.bindings.Platform;
import dev.culebra.testing.MadeLibrary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A made-up library beside bindings made from headers of version 9.24.0. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "skipped: the made-up libraries are for Linux")
class LibraryReportTest {
    private static final String PROPERTY = "culebra.made.path";
    private static final Version HEADER = Version.parse("9.24.0");

    @TempDir
    private Path folder;

    @AfterEach
    void clear() {
        System.clearProperty(PROPERTY);
    }

    private LibraryReport report(String source) throws IOException, InterruptedException {
        Path file = MadeLibrary.compile(folder.resolve("libmade.so.9"), source);
        System.setProperty(PROPERTY, file.toString());
        return report();
    }

    private static LibraryReport report() {
        NativeLibrary library = new NativeLibrary(new LibraryDescription("made", "Made",
                Map.of(Platform.System.LINUX, List.of(new LibraryFileName("libmade.so.9"))),
                List.of(new CondaEnvironment()), "make made"));
        return LibraryReport.of(new Probe("Made", library, Optional.of(HEADER), () -> {
            try {
                int code = (int) library.function("made_version", FunctionDescriptor.of(Native.C_INT)).invokeExact();
                return Optional.of(Version.parse(code / 10_000 + "." + code / 100 % 100 + "." + code % 100));
            } catch (Throwable failure) {
                throw Native.failure("made_version", failure);
            }
        }));
    }

    private void assertFound(LibraryReport report, Optional<String> version, List<String> warnings) {
        assertEquals(new LibraryReport("Made", Optional.of("9.24.0"), "make made", new LibraryReport.Found(version,
                Optional.of(folder.resolve("libmade.so.9")), "named by -Dculebra.made.path", warnings)), report);
    }

    @ParameterizedTest
    @CsvSource({"92400, 9.24.0", "92401, 9.24.1", "93100, 9.31.0"})
    void theSameOrANewerMinorVersionIsFine(int code, String version) throws IOException, InterruptedException {
        assertFound(report("int made_version(void) { return " + code + "; }"), Optional.of(version), List.of());
    }

    @ParameterizedTest
    @CsvSource({"91000, 9.10.0", "92399, 9.23.99"})
    void anOlderVersionLacksSomething(int code, String version) throws IOException, InterruptedException {
        assertFound(report("int made_version(void) { return " + code + "; }"), Optional.of(version), List.of(
                "the bindings are made for version 9.24.0: what came after " + version + " is missing"));
    }

    @ParameterizedTest
    @CsvSource({"82400, 8.24.0", "100000, 10.0.0"})
    void anotherMajorVersionMayMeanSomethingElse(int code, String version) throws IOException, InterruptedException {
        assertFound(report("int made_version(void) { return " + code + "; }"), Optional.of(version), List.of(
                "the bindings are made for version 9.24.0: with another major version calls may fail or mean something "
                        + "else"));
    }

    @Test
    void aLibraryThatDoesNotTellItsVersionIsFoundAllTheSame() throws IOException, InterruptedException {
        assertFound(report("int made(void) { return 0; }"), Optional.empty(), List.of(
                "it does not say its version: Made (" + folder.resolve("libmade.so.9")
                        + ", named by -Dculebra.made.path) has no symbol made_version: the library's version is not that "
                        + "of the bindings"));
    }

    @Test
    void aMissingLibraryTellsWhatWasTried() {
        System.clearProperty(PROPERTY);
        LibraryReport.Missing missing = (LibraryReport.Missing) report().outcome();
        assertEquals("-Dculebra.made.path and CULEBRA_MADE_PATH: not set", missing.tried().getFirst());
        assertEquals(2, missing.tried().size());
        assertEquals(List.of(), missing.refused());
    }

    @Test
    void aBrokenFileIsToldApartFromNone() throws IOException {
        Path file = Files.createFile(folder.resolve("libmade.so.9"));
        System.setProperty(PROPERTY, file.toString());
        String line = file + " (named by -Dculebra.made.path): it is no library (" + file + ": file too short)";
        assertEquals(new LibraryReport.Missing(List.of(line), List.of(line)), report().outcome());
    }
}
