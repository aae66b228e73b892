package dev.culebra.tools.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The memory of this process, as Linux tells it. */
public final class ProcessMemory {
    private ProcessMemory() {}

    /** What it has now, in bytes. */
    public static long residentBytes() {
        return bytes("VmRSS");
    }

    /** The most that it ever had, in bytes. */
    public static long peakBytes() {
        return bytes("VmHWM");
    }

    private static long bytes(String field) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith(field + ":"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElseThrow();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
