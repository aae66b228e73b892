package dev.culebra.runtime.nvml;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;

import dev.culebra.bindings.nvml.nvml;
import dev.culebra.bindings.nvml.nvmlMemory_t;
import dev.culebra.bindings.nvml.nvmlUtilization_t;

/**
 * A GPU as NVML sees it, as long as its session is open. What a device does not measure is empty, as most is in a slice of a
 * GPU (MIG). Safe for use by several threads.
 */
public final class NvmlDevice {
    private static final double WATTS_PER_MILLIWATT = 1e-3;

    private final Nvml session;
    private final MemorySegment device;

    NvmlDevice(Nvml session, MemorySegment device) {
        this.session = session;
        this.device = device;
    }

    /** Its name, such as {@code NVIDIA H200}. */
    public String name() {
        return Nvml.text("nvmlDeviceGetName", out -> nvml.nvmlDeviceGetName(device(), out, Nvml.TEXT_BYTES));
    }

    /** What names it on every machine: {@code GPU-} and a UUID. */
    public String uuid() {
        return Nvml.text("nvmlDeviceGetUUID", out -> nvml.nvmlDeviceGetUUID(device(), out, Nvml.TEXT_BYTES));
    }

    /** The memory of the device, whoever uses it. */
    public Memory memory() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = nvmlMemory_t.allocate(arena);
            Nvml.check("nvmlDeviceGetMemoryInfo", nvml.nvmlDeviceGetMemoryInfo(device(), out));
            return new Memory(nvmlMemory_t.total(out), nvmlMemory_t.used(out), nvmlMemory_t.free(out));
        }
    }

    /** How much of its memory this process has. */
    public ProcessMemory processMemory() {
        return ProcessMemory.of(device(), ProcessHandle.current().pid());
    }

    /** How busy it was during the last sample period, between a sixth of a second and a second. */
    public Optional<Utilization> utilization() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = nvmlUtilization_t.allocate(arena);
            int status = nvml.nvmlDeviceGetUtilizationRates(device(), out);
            if (status == nvml.NVML_ERROR_NOT_SUPPORTED) {
                return Optional.empty();
            }
            Nvml.check("nvmlDeviceGetUtilizationRates", status);
            return Optional.of(new Utilization(nvmlUtilization_t.gpu(out), nvmlUtilization_t.memory(out)));
        }
    }

    /**
     * How busy this process kept it in the last sample that NVML has of it. Empty if there is none: the device does not take
     * samples of processes, this process has not used it of late, or a container hides it.
     */
    public Optional<Utilization> processUtilization() {
        return ProcessUtilization.of(device(), ProcessHandle.current().pid());
    }

    /** The power it draws, in watts. */
    public OptionalDouble power() {
        OptionalInt milliwatts = measured("nvmlDeviceGetPowerUsage",
                out -> nvml.nvmlDeviceGetPowerUsage(device(), out));
        return milliwatts.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(milliwatts.getAsInt() * WATTS_PER_MILLIWATT);
    }

    /** The temperature of its chip, in degrees Celsius. */
    public OptionalInt temperature() {
        return measured("nvmlDeviceGetTemperature",
                out -> nvml.nvmlDeviceGetTemperature(device(), nvml.NVML_TEMPERATURE_GPU, out));
    }

    private MemorySegment device() {
        session.handle();
        return device;
    }

    private static OptionalInt measured(String function, ToIntFunction<MemorySegment> call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
            int status = call.applyAsInt(out);
            if (status == nvml.NVML_ERROR_NOT_SUPPORTED) {
                return OptionalInt.empty();
            }
            Nvml.check(function, status);
            return OptionalInt.of(out.get(ValueLayout.JAVA_INT, 0));
        }
    }

    /**
     * Memory of a device, in bytes.
     *
     * @param total all
     * @param used what processes and the driver have
     * @param free the rest
     */
    public record Memory(long total, long used, long free) {}

    /**
     * How busy a device was, as shares of time.
     *
     * @param gpu percent of the time in which a kernel ran
     * @param memory percent of the time in which memory was read or written
     */
    public record Utilization(int gpu, int memory) {}
}
