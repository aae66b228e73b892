package dev.culebra.runtime.nvml;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntBiFunction;
import java.util.function.ToIntFunction;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.nvml.nvml;
import dev.culebra.runtime.NativeObject;

/**
 * A session with NVML, and the one place where its status codes are checked. Sessions are counted by NVML: any number may be
 * open. Safe for use by several threads.
 */
public final class Nvml extends NativeObject {
    /** No text of NVML is longer. */
    static final int TEXT_BYTES = 128;

    private Nvml() {
        // NVML has no handle of a session: the function that ends it stands for it.
        super(nvml.nvmlShutdown$address());
    }

    /**
     * Starts a session.
     *
     * @throws dev.culebra.bindings.MissingLibraryException without a driver
     * @throws NvmlException if the driver does not answer
     */
    public static Nvml open() {
        check("nvmlInit_v2", nvml.nvmlInit_v2());
        return new Nvml();
    }

    /**
     * Throws unless the status is success.
     *
     * @param function the C function that returned it
     * @throws NvmlException for everything but success
     */
    public static void check(String function, int status) {
        if (status != nvml.NVML_SUCCESS) {
            throw new NvmlException(function, status, name(status), Native.string(nvml.nvmlErrorString(status)));
        }
    }

    /** The version of the driver, such as {@code 580.65.06}. */
    public String driverVersion() {
        handle();
        return text("nvmlSystemGetDriverVersion",
                out -> nvml.nvmlSystemGetDriverVersion(out, TEXT_BYTES));
    }

    /** The GPU of a UUID, such as {@code GPU-3a0f...}: as CUDA gives it too, however its devices are numbered. */
    public NvmlDevice deviceByUuid(String uuid) {
        return device("nvmlDeviceGetHandleByUUID", uuid, nvml::nvmlDeviceGetHandleByUUID);
    }

    /** The GPU at a PCI bus id, such as {@code 0000:17:00.0}. */
    public NvmlDevice deviceByPciBusId(String busId) {
        return device("nvmlDeviceGetHandleByPciBusId_v2", busId, nvml::nvmlDeviceGetHandleByPciBusId_v2);
    }

    /** All GPUs that this process may ask about, in the order of their PCI bus ids, which need not be CUDA's order. */
    public List<NvmlDevice> devices() {
        handle();
        int count = number("nvmlDeviceGetCount_v2", nvml::nvmlDeviceGetCount_v2);
        List<NvmlDevice> devices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int index = i;
            devices.add(device("nvmlDeviceGetHandleByIndex_v2", out -> nvml.nvmlDeviceGetHandleByIndex_v2(index, out)));
        }
        return List.copyOf(devices);
    }

    @Override
    protected void destroy(MemorySegment handle) {
        check("nvmlShutdown", nvml.nvmlShutdown());
    }

    /** Calls a function that writes a number. */
    static int number(String function, ToIntFunction<MemorySegment> call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
            check(function, call.applyAsInt(out));
            return out.get(ValueLayout.JAVA_INT, 0);
        }
    }

    /** Calls a function that writes a text of at most {@link #TEXT_BYTES}. */
    static String text(String function, ToIntFunction<MemorySegment> call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(TEXT_BYTES);
            check(function, call.applyAsInt(out));
            return out.getString(0);
        }
    }

    private NvmlDevice device(String function, String name, ToIntBiFunction<MemorySegment, MemorySegment> call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(name);
            return device(function, out -> call.applyAsInt(text, out));
        }
    }

    private NvmlDevice device(String function, ToIntFunction<MemorySegment> call) {
        handle();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            check(function, call.applyAsInt(out));
            return new NvmlDevice(this, out.get(ValueLayout.ADDRESS, 0));
        }
    }

    /** The vendor gives a text for people, but no name. */
    private static String name(int status) {
        try {
            for (Field constant : nvml.class.getFields()) {
                if (constant.getName().startsWith("NVML_ERROR_") && constant.getInt(null) == status) {
                    return constant.getName();
                }
            }
            return "unknown status";
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException("constants of the bindings are public", impossible);
        }
    }
}
