package dev.culebra.experiments.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this machine calls itself. */
public final class Machine {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private Machine() {}

    /** The operating system with its version, and the architecture, such as {@code Linux 6.1.0, amd64}. */
    public static String system() {
        return System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                + System.getProperty("os.arch");
    }

    /** The processor's model, and how much of it Java may use, such as {@code AMD EPYC 9B14, 2 processors for Java}. */
    public static String processor() {
        return processorModel() + ", " + Numbers.counted(Runtime.getRuntime().availableProcessors(), "processor")
                + " for Java";
    }

    private static String processorModel() {
        try (var lines = Files.lines(CPU_INFO)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst().orElse("unknown model");
        } catch (IOException | UncheckedIOException e) {
            return "unknown model";
        }
    }
}
