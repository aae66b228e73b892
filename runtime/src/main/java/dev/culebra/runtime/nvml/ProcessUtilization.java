package dev.culebra.runtime.nvml;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

import dev.culebra.bindings.nvml.nvml;
import dev.culebra.bindings.nvml.nvmlProcessUtilizationSample_t;
import dev.culebra.runtime.nvml.NvmlDevice.Utilization;

/** Finds a process among the samples that the driver keeps of all. */
final class ProcessUtilization {
    /** The driver keeps a hundred samples, of however many processes. */
    private static final int FIRST_CAPACITY = 128;
    private static final int ATTEMPTS = 8;

    private ProcessUtilization() {}

    static Optional<Utilization> of(MemorySegment device, long pid) {
        int capacity = FIRST_CAPACITY;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment count = arena.allocateFrom(ValueLayout.JAVA_INT, capacity);
                MemorySegment samples = nvmlProcessUtilizationSample_t.allocateArray(capacity, arena);
                int status = nvml.nvmlDeviceGetProcessUtilization(device, samples, count, 0);
                int found = count.get(ValueLayout.JAVA_INT, 0);
                switch (status) {
                    case nvml.NVML_SUCCESS -> {
                        return latest(samples, Math.min(found, capacity), pid);
                    }
                    // Twice what it needs now: samples are taken meanwhile.
                    case nvml.NVML_ERROR_INSUFFICIENT_SIZE -> capacity = 2 * Math.max(capacity, found);
                    case nvml.NVML_ERROR_NOT_FOUND, nvml.NVML_ERROR_NOT_SUPPORTED, nvml.NVML_ERROR_NO_PERMISSION -> {
                        return Optional.empty();
                    }
                    default -> Nvml.check("nvmlDeviceGetProcessUtilization", status);
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Utilization> latest(MemorySegment samples, int count, long pid) {
        return IntStream.range(0, count).mapToObj(i -> nvmlProcessUtilizationSample_t.asSlice(samples, i))
                .filter(sample -> Integer.toUnsignedLong(nvmlProcessUtilizationSample_t.pid(sample)) == pid)
                .max(Comparator.comparingLong(nvmlProcessUtilizationSample_t::timeStamp))
                .map(sample -> new Utilization(nvmlProcessUtilizationSample_t.smUtil(sample),
                        nvmlProcessUtilizationSample_t.memUtil(sample)));
    }
}
