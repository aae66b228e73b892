package dev.culebra.runtime.cuda;

import java.util.Optional;
import java.util.OptionalLong;

import dev.culebra.bindings.MissingLibraryException;
import dev.culebra.bindings.MissingSymbolException;
import dev.culebra.runtime.DeviceMemoryUse;
import dev.culebra.runtime.OwnedParts;
import dev.culebra.runtime.driver.Context;
import dev.culebra.runtime.nvml.Nvml;
import dev.culebra.runtime.nvml.NvmlDevice;
import dev.culebra.runtime.nvml.NvmlException;
import dev.culebra.runtime.nvml.ProcessMemory;

/**
 * Measures how much memory of a GPU this process has: as NVML says, or, where that hides it, by the memory that is free now and
 * was free before. Any thread may use it. NVML is opened when it is first asked.
 */
final class DeviceMemoryMeter implements AutoCloseable {
    private final OwnedParts owned = new OwnedParts();
    private final Context context;
    private final long freeBefore;
    private Optional<NvmlDevice> device = Optional.empty();
    private String whyNot = "";
    private boolean sought;

    /** Remembers how much memory is free now, with the context there and nothing in it. */
    DeviceMemoryMeter(Context context) {
        this.context = context;
        this.freeBefore = context.memory().free();
    }

    synchronized DeviceMemoryUse measure() {
        if (!sought) {
            sought = true;
            seek();
        }
        if (device.isPresent()) {
            ProcessMemory memory = ask(device.get());
            if (memory.bytes().isPresent()) {
                return new DeviceMemoryUse(memory.bytes().getAsLong(), "NVML, of this process, the context included");
            }
            whyNot = memory.reason();
        }
        return new DeviceMemoryUse(Math.max(0, freeBefore - context.memory().free()),
                "free memory, less than before anything was allocated; the context is not included, other processes are ("
                        + whyNot + ")");
    }

    /** A statistic that cannot be had is no reason to end a run. */
    private static ProcessMemory ask(NvmlDevice device) {
        try {
            return device.processMemory();
        } catch (NvmlException failure) {
            return new ProcessMemory(OptionalLong.empty(), failure.getMessage());
        }
    }

    private void seek() {
        try {
            device = Optional.of(owned.own(Nvml.open()).deviceByUuid(context.device().uuid()));
        } catch (MissingLibraryException | MissingSymbolException | NvmlException failure) {
            whyNot = failure instanceof MissingLibraryException ? "NVML was not found" : failure.getMessage();
        }
    }

    /** Ends NVML's session. */
    @Override
    public synchronized void close() {
        owned.close();
    }
}
