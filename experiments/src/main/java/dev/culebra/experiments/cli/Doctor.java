package dev.culebra.experiments.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import com.sun.management.OperatingSystemMXBean;
import dev.culebra.bindings.LoadedLibrary;
import dev.culebra.bindings.MissingLibraryException;
import dev.culebra.bindings.NativeLibraries;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Backends;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.onednn.OneDnn;

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
     * @param remedy how to get it, where it is missing
     */
    record Finding(String name, boolean found, String detail, Optional<String> remedy) {
        static Finding present(String name, String detail) {
            return new Finding(name, true, detail, Optional.empty());
        }

        static Finding missing(String name, String detail, String remedy) {
            return new Finding(name, false, detail, Optional.of(remedy));
        }
    }

    /** All findings, the machine first. */
    static List<Finding> examine() {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.present("Java", Runtime.version() + " in " + System.getProperty("java.home")));
        findings.add(Finding.present("system", System.getProperty("os.name") + " " + System.getProperty("os.version")
                + ", " + System.getProperty("os.arch")));
        findings.add(Finding.present("processor",
                processorModel() + ", " + Runtime.getRuntime().availableProcessors() + " processors for Java"));
        findings.add(memory());
        findings.add(oneDnn());
        Backends.devices().forEach(device -> findings.add(device(device)));
        return findings;
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

    private static Finding oneDnn() {
        try {
            LoadedLibrary library = NativeLibraries.ONEDNN.load();
            return Finding.present("oneDNN", OneDnn.version() + " in "
                    + library.path().map(Path::toString).orElse(library.fileName()) + ", " + library.how());
        } catch (MissingLibraryException e) {
            return Finding.missing("oneDNN", e.getMessage().lines().findFirst().orElse("not found"),
                    NativeLibraries.ONEDNN.description().install());
        }
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
