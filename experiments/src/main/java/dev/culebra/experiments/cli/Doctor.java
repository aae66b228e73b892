package dev.culebra.experiments.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import com.sun.management.OperatingSystemMXBean;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Backends;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.machine.DriverReport;
import dev.culebra.runtime.machine.LibraryReport;

/** Looks at what this machine offers. */
final class Doctor {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private Doctor() {}

    /**
     * Something that was looked for.
     *
     * @param name what it is
     * @param found whether it is there
     * @param detail version and place, or why it cannot be used
     * @param warnings what may go wrong with it
     * @param remedy how to get it, where it is missing
     * @param facts what {@code detail} says, for programs
     */
    record Finding(String name, boolean found, String detail, List<String> warnings, Optional<String> remedy,
            Map<String, Object> facts) {
        static Finding present(String name, String detail) {
            return present(name, detail, Map.of());
        }

        static Finding present(String name, String detail, Map<String, Object> facts) {
            return new Finding(name, true, detail, List.of(), Optional.empty(), facts);
        }

        static Finding missing(String name, String detail, String remedy) {
            return new Finding(name, false, detail, List.of(), Optional.of(remedy), Map.of());
        }
    }

    /** All findings, the machine first. NVIDIA's libraries take the longest to load, and are loaded beside the rest. */
    static List<Finding> examine() {
        CompletableFuture<DriverReport> driver = CompletableFuture.supplyAsync(DriverReport::examine);
        CompletableFuture<List<LibraryReport>> libraries = CompletableFuture.supplyAsync(LibraryReport::all);
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.present("Java", Runtime.version() + " in " + System.getProperty("java.home")));
        findings.add(Finding.present("system", System.getProperty("os.name") + " " + System.getProperty("os.version")
                + ", " + System.getProperty("os.arch")));
        findings.add(Finding.present("processor",
                processorModel() + ", " + Runtime.getRuntime().availableProcessors() + " processors for Java"));
        findings.add(memory());
        List<Finding> devices = Backends.devices().stream().map(Doctor::device).toList();
        findings.addAll(driver(driver.join()));
        libraries.join().forEach(library -> findings.add(library(library, "")));
        findings.addAll(devices);
        return findings;
    }

    private static List<Finding> driver(DriverReport report) {
        List<Finding> findings = new ArrayList<>();
        findings.add(library(report.library(),
                report.driverVersion().map(version -> version + ", runs CUDA up to ").orElse("runs CUDA up to ")));
        findings.add(library(report.management(), ""));
        report.gpus()
                .forEach(gpu -> findings.add(Finding.present((gpu.isStandIn() ? "stand-in " : "GPU ") + gpu.number(),
                        gpu.name() + ", " + gibibytes(gpu.memoryBytes()) + ", compute capability "
                                + gpu.computeCapability(),
                        Map.of("name", gpu.name(), "memoryBytes", gpu.memoryBytes(), "computeCapability",
                                gpu.computeCapability(), "standIn", gpu.isStandIn()))));
        report.gpuProblem().ifPresent(problem -> findings.add(Finding.missing("GPU", problem,
                report.library().install())));
        return findings;
    }

    private static Finding library(LibraryReport report, String prefix) {
        if (report.problem().isPresent()) {
            return Finding.missing(report.name(), report.problem().get().lines().findFirst().orElse("not found"),
                    report.install());
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        report.version().ifPresent(version -> facts.put("version", version));
        report.headerVersion().ifPresent(version -> facts.put("headerVersion", version));
        report.path().ifPresent(path -> facts.put("path", path.toString()));
        facts.put("how", report.how());
        String place = report.path().map(path -> "in " + path + ", ").orElse("");
        return new Finding(report.name(), true,
                report.version().map(version -> prefix + version + " ").orElse("") + place + report.how(),
                report.warnings(), Optional.empty(), facts);
    }

    private static String processorModel() {
        try {
            return Files.isReadable(CPU_INFO)
                    ? Files.readAllLines(CPU_INFO).stream()
                            .filter(line -> line.startsWith("model name"))
                            .map(line -> line.replaceFirst("^.*?:\\s*", ""))
                            .findFirst().orElse("unknown model")
                    : "unknown model";
        } catch (IOException e) {
            return "unknown model";
        }
    }

    private static Finding memory() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return Finding.present("memory", gibibytes(system.getTotalMemorySize()) + ", "
                + gibibytes(system.getFreeMemorySize()) + " free; Java takes up to "
                + gibibytes(Runtime.getRuntime().maxMemory()));
    }

    private static String gibibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
    }

    private static Finding device(String name) {
        try (Backend backend = Backends.open(name, Precision.FP32)) {
            String chosen = name.equals(backend.name()) ? "" : backend.name() + ": ";
            return Finding.present("--device " + name, chosen + backend.description());
        } catch (RuntimeException | LinkageError e) {
            return Finding.missing("--device " + name, ErrorText.of(e), "see the line of its library above");
        }
    }
}
