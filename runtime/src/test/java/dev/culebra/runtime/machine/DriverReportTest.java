package dev.culebra.runtime.machine;

import java.util.List;
import java.util.Optional;

import dev.culebra.runtime.standin.StandIn;
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
}
