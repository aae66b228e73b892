package dev.culebra.runtime;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

import com.sun.management.OperatingSystemMXBean;

/** The memory of this machine and of this process. */
public final class HostMemory {
    private static final Path OF_MACHINE = Path.of("/proc/meminfo");
    private static final Path OF_PROCESS = Path.of("/proc/self/status");

    private HostMemory() {}

    /**
     * How many bytes this process can still take without the machine swapping, as Linux estimates it, and within the limit of the
     * container if there is one. Nothing on other systems, which do not tell.
     */
    public static OptionalLong availableBytes() {
        long limit = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
        return available(bytes(OF_MACHINE, "MemAvailable"), bytes(OF_MACHINE, "MemTotal"), limit, residentBytes());
    }

    /**
     * The same from its parts.
     *
     * @param limit of the container, or all that the machine has. What others in the container take is not known: caches, which
     *     give way, are counted with it
     */
    static OptionalLong available(OptionalLong ofMachine, OptionalLong total, long limit, OptionalLong resident) {
        if (ofMachine.isEmpty() || total.isEmpty() || limit >= total.getAsLong()) {
            return ofMachine;
        }
        return OptionalLong.of(Math.clamp(limit - resident.orElse(0), 0, ofMachine.getAsLong()));
    }

    /** How many bytes this process has in memory, where that is known. */
    public static OptionalLong residentBytes() {
        return bytes(OF_PROCESS, "VmRSS");
    }

    /** The most bytes that this process ever had in memory, where that is known. */
    public static OptionalLong peakBytes() {
        return bytes(OF_PROCESS, "VmHWM");
    }

    /** A field of a file in Linux's {@code /proc}, which are in kB. */
    private static OptionalLong bytes(Path file, String field) {
        try {
            return Files.readAllLines(file).stream().filter(line -> line.startsWith(field + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024).findFirst();
        } catch (IOException notLinux) {
            return OptionalLong.empty();
        }
    }
}
