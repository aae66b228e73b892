package dev.culebra.experiments.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.culebra.runtime.machine.DriverReport;
import dev.culebra.runtime.machine.GpuReport;
import dev.culebra.runtime.machine.LibraryReport;

/** Says what was found of NVIDIA's driver, GPUs and libraries. Without the driver nothing else of it is missed. */
final class NvidiaFindings {
    /** What the program runs without. */
    private static final Set<String> OPTIONAL = Set.of("NVTX");

    private NvidiaFindings() {}

    /** The driver, the GPUs, the libraries. */
    static List<Finding> of(DriverReport driver, List<LibraryReport> libraries) {
        Finding.State missed = driver.library().isFound() ? Finding.State.MISSING : Finding.State.ABSENT;
        List<Finding> findings = new ArrayList<>();
        findings.add(LibraryFindings.of(driver.library(),
                driver.driverVersion().map(version -> version + ", ").orElse("") + "runs CUDA up to ", missed));
        findings.add(LibraryFindings.of(driver.management(), "", missed));
        driver.gpus().forEach(gpu -> findings.add(gpu(gpu)));
        if (driver.library().isFound()) {
            driver.gpuProblem().ifPresent(problem -> findings.add(Finding.missing("GPU", problem,
                    "nvidia-smi tells what the driver sees; a container gets GPUs with --gpus all")));
        }
        libraries.forEach(library -> findings.add(LibraryFindings.of(library, "",
                OPTIONAL.contains(library.name()) ? Finding.State.ABSENT : missed)));
        return findings;
    }

    private static Finding gpu(GpuReport gpu) {
        return Finding.present((gpu.isStandIn() ? "stand-in " : "GPU ") + gpu.number(),
                gpu.name() + ", " + Examination.gibibytes(gpu.memoryBytes()) + ", compute capability "
                        + gpu.computeCapability(),
                Map.of("name", gpu.name(), "memoryBytes", gpu.memoryBytes(), "computeCapability",
                        gpu.computeCapability(), "standIn", gpu.isStandIn()));
    }
}
