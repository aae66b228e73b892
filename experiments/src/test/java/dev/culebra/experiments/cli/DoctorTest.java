package dev.culebra.experiments.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culebra.experiments.files.Json;
import dev.culebra.runtime.machine.DriverReport;
import dev.culebra.runtime.machine.GpuReport;
import dev.culebra.runtime.machine.LibraryReport;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the doctor says of machines that are made up, and of this one. */
class DoctorTest {
    private static final LibraryReport NO_DRIVER = missing("CUDA driver", "install the driver", List.of());
    private static final LibraryReport DRIVER = found("CUDA driver", "13.1", "13.0", List.of());
    private static final LibraryReport NVML = found("NVML", "13.1", "13.0", List.of());

    private static LibraryReport found(String name, String version, String header, List<String> warnings) {
        return new LibraryReport(name, Optional.of(header), "install it", new LibraryReport.Found(Optional.of(version),
                Optional.of(Path.of("lib.so")), "pip wheel of .venv", warnings));
    }

    private static LibraryReport missing(String name, String install, List<String> refused) {
        return new LibraryReport(name, Optional.of("9.24.0"), install,
                new LibraryReport.Missing(List.of("a folder", "another folder", "a jar"), refused));
    }

    private static List<Finding> noDriver(LibraryReport... libraries) {
        return NvidiaFindings.of(new DriverReport(NO_DRIVER, NO_DRIVER, Optional.empty(), List.of(),
                Optional.of("there is no driver to ask")), List.of(libraries));
    }

    private static List<Finding> driver(LibraryReport... libraries) {
        return NvidiaFindings.of(new DriverReport(DRIVER, NVML, Optional.of("580.65.06"),
                List.of(new GpuReport(0, "NVIDIA H200", 150_754_820_096L, "9.0")), Optional.empty()),
                List.of(libraries));
    }

    private static String told(List<Finding> findings, String... options) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Console console = new Console(out, out, false, () -> false);
        assertEquals(0, new CommandLine(new DoctorCommand(console, () -> findings)).execute(options));
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    @Test
    void withoutADriverNothingOfNvidiaIsMissed() {
        assertEquals("""
                absent   CUDA driver  not in any of 3 places
                                      to get it: install the driver
                absent   CUDA driver  not in any of 3 places
                                      to get it: install the driver
                found    cuBLAS       13.1.1 (headers 13.1.1) in lib.so, pip wheel of .venv
                absent   cuDNN        not in any of 3 places
                                      to get it: pip install nvidia-cudnn-cu13
                Absent is only what nothing here needs. doctor --verbose lists the places that were searched.
                """,
                told(noDriver(found("cuBLAS", "13.1.1", "13.1.1", List.of()),
                        missing("cuDNN", "pip install nvidia-cudnn-cu13", List.of()))));
    }

    @Test
    void withADriverALibraryIsMissedAndTheGpuIsShown() {
        assertEquals("""
                found    CUDA driver  580.65.06, runs CUDA up to 13.1 (headers 13.0) in lib.so, pip wheel of .venv
                found    NVML         13.1 (headers 13.0) in lib.so, pip wheel of .venv
                found    GPU 0        NVIDIA H200, 140.4 GiB, compute capability 9.0
                MISSING  cuDNN        not in any of 3 places
                                      to get it: pip install nvidia-cudnn-cu13
                absent   NVTX         not in any of 3 places
                                      to get it: pip install nvidia-nvtx
                Absent is only what nothing here needs. doctor --verbose lists the places that were searched.
                """, told(driver(missing("cuDNN", "pip install nvidia-cudnn-cu13", List.of()),
                missing("NVTX", "pip install nvidia-nvtx", List.of()))));
    }

    @Test
    void aFileThatIsThereAndNoGoodIsAlwaysTold() {
        assertTrue(told(noDriver(missing("cuDNN", "pip install it", List.of("/x/libcudnn.so.9: it is cut short"))))
                .contains("MISSING  cuDNN        cannot be loaded: /x/libcudnn.so.9: it is cut short\n"));
    }

    @Test
    void aDriverWithoutGpusSaysWhy() {
        String told = told(NvidiaFindings.of(new DriverReport(DRIVER, NVML, Optional.empty(), List.of(),
                Optional.of("CUDA_ERROR_NO_DEVICE (100) from cuInit")), List.of()));
        assertTrue(told.contains("MISSING  GPU          CUDA_ERROR_NO_DEVICE (100) from cuInit\n"), told);
    }

    @Test
    void theStandInIsCalledWhatItIs() {
        String told = told(NvidiaFindings.of(new DriverReport(DRIVER, NVML, Optional.empty(),
                List.of(new GpuReport(0, "Culebra stand-in device (not a GPU)", 1L << 30, "9.0")), Optional.empty()),
                List.of()));
        assertTrue(told.contains("found    stand-in 0   Culebra stand-in device (not a GPU), 1.0 GiB"), told);
        assertFalse(told.contains("GPU 0"), told);
    }

    @Test
    void warningsAreTold() {
        String told = told(driver(found("cuDNN", "9.10.0", "9.24.0", List.of("it is older"))));
        assertTrue(told.contains("""
                found    cuDNN        9.10.0 (headers 9.24.0) in lib.so, pip wheel of .venv
                                      but it is older
                """), told);
    }

    @Test
    void verboseListsAllPlaces() {
        assertTrue(told(noDriver(missing("cuDNN", "pip install it", List.of())), "--verbose").endsWith("""
                absent   cuDNN        not in any of 3 places
                                      to get it: pip install it
                                      tried: a folder
                                      tried: another folder
                                      tried: a jar
                """));
    }

    @Test
    void jsonTellsTheSame() throws IOException {
        List<String> lines = told(driver(missing("cuDNN", "pip install it", List.of())), "--json").lines().toList();
        JsonNode driver = Json.mapper().readTree(lines.getFirst());
        assertEquals("finding", driver.get("event").asText());
        assertEquals("found", driver.get("state").asText());
        assertEquals("13.1", driver.get("facts").get("version").asText());
        assertEquals("13.0", driver.get("facts").get("headerVersion").asText());
        assertEquals("lib.so", driver.get("facts").get("path").asText());
        assertEquals("pip wheel of .venv", driver.get("facts").get("how").asText());
        assertTrue(driver.get("absence").isNull());
        JsonNode gpu = Json.mapper().readTree(lines.get(2));
        assertEquals(150_754_820_096L, gpu.get("facts").get("memoryBytes").asLong());
        assertEquals("9.0", gpu.get("facts").get("computeCapability").asText());
        JsonNode cudnn = Json.mapper().readTree(lines.get(3));
        assertEquals("MISSING", cudnn.get("state").asText());
        assertEquals("pip install it", cudnn.get("absence").get("remedy").asText());
        assertEquals("another folder", cudnn.get("absence").get("tried").get(1).asText());
        assertEquals(4, lines.size());
    }

    @Test
    void thisMachineHasJavaAndTheReferenceAndNoColours() {
        Program doctor = Program.run("doctor --verbose").assertDone();
        assertTrue(doctor.out().startsWith("found    Java "), doctor.out());
        assertTrue(doctor.out().lines().anyMatch(line -> line.startsWith("found    --device reference")), doctor.out());
        assertFalse(doctor.out().contains("\u001b"), doctor.out());
        assertEquals("", doctor.err());
    }

    @Test
    void thisMachineAsJson() {
        JsonNode java = Program.run("doctor --json").assertDone().events("finding").getFirst();
        assertEquals("Java", java.get("name").asText());
        assertTrue(java.get("detail").asText().startsWith(Runtime.version().toString()));
    }
}
