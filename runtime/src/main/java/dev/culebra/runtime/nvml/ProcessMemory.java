package dev.culebra.runtime.nvml;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.OptionalLong;
import java.util.stream.LongStream;

import dev.culebra.bindings.MissingSymbolException;
import dev.culebra.bindings.nvml.nvml;
import dev.culebra.bindings.nvml.nvmlProcessInfo_t;

/**
 * How much memory of a device a process has, contexts included: either the bytes, or why NVML does not say. In a container
 * it often does not; the difference of the free memory before and after is then the next best.
 *
 * @param bytes the memory, if it is known
 * @param reason why it is not known, empty where it is
 */
public record ProcessMemory(OptionalLong bytes, String reason) {
    private static final int FIRST_CAPACITY = 16;
    private static final int ATTEMPTS = 8;

    static ProcessMemory of(MemorySegment device, long pid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
            int capacity = FIRST_CAPACITY;
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                MemorySegment processes = nvmlProcessInfo_t.allocateArray(capacity, arena);
                count.set(ValueLayout.JAVA_INT, 0, capacity);
                int status = nvml.nvmlDeviceGetComputeRunningProcesses_v3(device, count, processes);
                switch (status) {
                    case nvml.NVML_SUCCESS -> {
                        return of(processes, Math.min(count.get(ValueLayout.JAVA_INT, 0), capacity), pid);
                    }
                    // Twice what it needs now: processes start meanwhile.
                    case nvml.NVML_ERROR_INSUFFICIENT_SIZE ->
                        capacity = 2 * Math.max(capacity, count.get(ValueLayout.JAVA_INT, 0));
                    case nvml.NVML_ERROR_NOT_SUPPORTED, nvml.NVML_ERROR_NO_PERMISSION -> {
                        return unknown("NVML does not list this device's processes (status " + status + ")");
                    }
                    default -> Nvml.check("nvmlDeviceGetComputeRunningProcesses_v3", status);
                }
            }
            return unknown("NVML's list of processes kept growing");
        } catch (MissingSymbolException older) {
            return unknown(older.getMessage());
        }
    }

    private static ProcessMemory of(MemorySegment processes, int count, long pid) {
        long[] pids = LongStream.range(0, count)
                .map(i -> Integer.toUnsignedLong(nvmlProcessInfo_t.pid(nvmlProcessInfo_t.asSlice(processes, i))))
                .toArray();
        if (LongStream.of(pids).anyMatch(other -> ProcessHandle.of(other).isEmpty())) {
            return unknown(
                    "NVML lists processes that are none here: its process ids are those outside of this container");
        }
        if (LongStream.of(pids).noneMatch(other -> other == pid)) {
            return unknown("NVML lists " + count + " processes on this device, but not this one (" + pid
                    + "): it has not used the device yet, or is in a container that hides it");
        }
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            long used = nvmlProcessInfo_t.usedGpuMemory(nvmlProcessInfo_t.asSlice(processes, i));
            if (pids[i] == pid && used == nvml.NVML_VALUE_NOT_AVAILABLE) {
                return unknown("this device's driver does not account memory to processes");
            }
            bytes += pids[i] == pid ? used : 0;
        }
        return new ProcessMemory(OptionalLong.of(bytes), "");
    }

    private static ProcessMemory unknown(String reason) {
        return new ProcessMemory(OptionalLong.empty(), reason);
    }
}
