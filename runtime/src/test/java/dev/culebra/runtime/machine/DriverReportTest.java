package dev.culebra.runtime.machine;

import java.util.List;
import java.util.Optional;

import dev.culebra.bindings.cuda.cuda;
import dev.culebra.runtime.standin.StandIn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the stand-in for a driver, or a driver, tells of its GPUs. */
class DriverReportTest {
    @BeforeAll
    static void device() {
        StandIn.activate();
    }

    @AfterEach
    void failNone() {
        StandIn.failNone();
    }

    @Test
    void theDriverAndItsGpusAreTold() {
        DriverReport report = DriverReport.examine();
        assertTrue(report.library().isFound(), report.toString());
        assertEquals(Optional.of("13.0"), report.library().headerVersion());
        assertEquals(Optional.empty(), report.gpuProblem());
        GpuReport gpu = report.gpus().getFirst();
        assertEquals(StandIn.isActive(), gpu.isStandIn());
        assertEquals(0, gpu.number());
        assertTrue(gpu.memoryBytes() > 0, gpu.toString());
        assertTrue(gpu.computeCapability().matches("\\d+\\.\\d"), gpu.toString());
        if (StandIn.isActive()) {
            String name = "Culebra stand-in device (not a GPU)";
            assertEquals(List.of(name, name), report.gpus().stream().map(GpuReport::name).toList());
        }
    }

    @Test
    void aDriverThatFailsIsToldInItsWords() {
        StandIn.failNext("cuDeviceGetCount", cuda.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH, 0);
        StandIn.failNext("cuDriverGetVersion", cuda.CUDA_ERROR_UNKNOWN, 0);
        DriverReport report = DriverReport.examine();
        assertEquals(List.of(), report.gpus());
        String problem = report.gpuProblem().orElseThrow();
        assertTrue(problem.startsWith("CUDA_ERROR_SYSTEM_DRIVER_MISMATCH (803) from cuDeviceGetCount"), problem);
        LibraryReport.Found found = (LibraryReport.Found) report.library().outcome();
        assertEquals(Optional.empty(), found.version());
        String warning = found.warnings().getFirst();
        assertTrue(warning.startsWith("it does not say its version: CUDA_ERROR_UNKNOWN (999) from cuDriverGetVersion"),
                warning);
    }
}
