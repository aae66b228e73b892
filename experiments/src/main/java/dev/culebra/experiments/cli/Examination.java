package dev.culebra.experiments.cli;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

import com.sun.management.OperatingSystemMXBean;
import dev.culebra.experiments.run.Machine;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Backends;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.machine.DriverReport;
import dev.culebra.runtime.machine.LibraryReport;

/** Looks at what this machine offers. NVIDIA's libraries take longest, and are looked for beside everything else. */
final class Examination {
    private final CompletableFuture<List<Finding>> nvidia;

    private Examination() {
        this.nvidia = CompletableFuture.supplyAsync(
                () -> NvidiaFindings.of(DriverReport.examine(), LibraryReport.ofNvidia()),
                task -> Thread.ofPlatform().daemon().start(task));
    }

    /** Begins to look. */
    static Examination start() {
        return new Examination();
    }

    /** All findings: the machine first, then what the program runs on here, then what is NVIDIA's. */
    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.present("Java", Runtime.version() + " in " + System.getProperty("java.home")));
        findings.add(Finding.present("system", Machine.system()));
        findings.add(Finding.present("processor", Machine.processor()));
        findings.add(memory());
        findings.add(LibraryFindings.of(LibraryReport.ofOneDnn(), "", Finding.State.MISSING));
        // GPUs have lines of their own below; opening one would take most of a second.
        Backends.devices().stream().filter(device -> !device.equals("cuda"))
                .forEach(device -> findings.add(device(device)));
        findings.addAll(nvidia.join());
        return findings;
    }

    private static Finding memory() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return Finding.present("memory", gibibytes(system.getTotalMemorySize()) + ", "
                + gibibytes(system.getFreeMemorySize()) + " free; Java takes up to "
                + gibibytes(Runtime.getRuntime().maxMemory()));
    }

    /** Such as {@code 1.5 GiB}. */
    static String gibibytes(long bytes) {
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
