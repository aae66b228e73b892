package dev.culebra.runtime.standin;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.culebra.bindings.MissingLibraryException;
import dev.culebra.runtime.driver.Device;
import dev.culebra.runtime.nvrtc.CompileOptions;
import dev.culebra.runtime.nvrtc.KernelSource;
import dev.culebra.runtime.nvrtc.Program;
import dev.culebra.testing.Requirement;

/**
 * CUDA C++ compiled for the device at hand, be it the stand-in, for which another compiler stands in too, or a GPU. The shared
 * memory that a launch adds is declared by {@code DYNAMIC_SHARED(type, name)}: on the host there is no other way to say it.
 */
public final class DeviceCode {
    private static final String FOR_DEVICES = """
            #ifndef CULEBRA_HOST
            #define DYNAMIC_SHARED(type, name) extern __shared__ type name[]
            #endif
            #line 1
            """;

    private static final Map<String, byte[]> COMPILED = new ConcurrentHashMap<>();

    private DeviceCode() {}

    /** An image that the device's driver loads. Each source is compiled once. */
    public static byte[] compile(String name, String source, Device device) {
        return COMPILED.computeIfAbsent(source, absent -> compileAnew(name, source, device));
    }

    private static byte[] compileAnew(String name, String source, Device device) {
        try {
            return Program.compile(new KernelSource(name + ".cu", FOR_DEVICES + source),
                    CompileOptions.of(device.computeCapability().architecture())).bytes();
        } catch (MissingLibraryException missing) {
            Requirement.NVIDIA_LIBRARIES.missing(missing.getMessage());
            throw missing;
        }
    }
}
