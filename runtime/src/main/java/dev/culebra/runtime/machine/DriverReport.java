package dev.culebra.runtime.machine;

import java.util.List;
import java.util.Optional;

import dev.culebra.bindings.MissingSymbolException;
import dev.culebra.runtime.driver.CudaException;
import dev.culebra.runtime.driver.Device;
import dev.culebra.runtime.nvml.Nvml;
import dev.culebra.runtime.nvml.NvmlException;

/**
 * What was found of NVIDIA's driver.
 *
 * @param library the library of the driver API; its version is that of the CUDA that the driver supports
 * @param management NVML, the library that observes GPUs
 * @param driverVersion the driver's own version, such as {@code 580.65.06}, where NVML tells it
 * @param gpus the GPUs that this process may use
 * @param gpuProblem why the driver does not say which GPUs there are, or that there are none; nothing where there are some
 */
public record DriverReport(LibraryReport library, LibraryReport management, Optional<String> driverVersion,
        List<GpuReport> gpus, Optional<String> gpuProblem) {
    /** Asks the driver, which is started for that; no context is made on any GPU. */
    public static DriverReport examine() {
        LibraryReport driver = LibraryReport.of(Probe.CUDA,
                (version, made) -> version.major() < made.major()
                        ? Optional.of("it runs CUDA up to " + version + ", so libraries of CUDA " + made.major()
                                + " need a newer driver")
                        : Optional.empty());
        LibraryReport management = LibraryReport.of(Probe.NVML);
        Optional<String> version = management.isFound() ? askVersion() : Optional.empty();
        if (!driver.isFound()) {
            return new DriverReport(driver, management, version, List.of(),
                    Optional.of("there is no driver to ask"));
        }
        try {
            List<GpuReport> gpus = Device.all().stream().map(GpuReport::of).toList();
            return new DriverReport(driver, management, version, gpus,
                    gpus.isEmpty() ? Optional.of("the driver knows of none") : Optional.empty());
        } catch (MissingSymbolException | CudaException failure) {
            return new DriverReport(driver, management, version, List.of(), Optional.of(failure.getMessage()));
        }
    }

    private static Optional<String> askVersion() {
        try (Nvml nvml = Nvml.open()) {
            return Optional.of(nvml.driverVersion());
        } catch (MissingSymbolException | NvmlException silent) {
            return Optional.empty();
        }
    }
}
