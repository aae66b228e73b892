package dev.culebra.runtime.standin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.culebra.bindings.MissingLibraryException;
import dev.culebra.runtime.driver.Device;
import dev.culebra.runtime.nvrtc.CompileOptions;
import dev.culebra.runtime.nvrtc.KernelSource;
import dev.culebra.runtime.nvrtc.Program;
import dev.culebra.testing.Requirement;

/**
 * CUDA C++ compiled for the device at hand, be it the stand-in or a GPU. A source marks each kernel by {@code KERNEL(name)},
 * which means something to the stand-in alone.
 */
public final class DeviceCode {
    private static final String UNMARKED = "#ifndef KERNEL\n#define KERNEL(name)\n#endif\n#line 1\n";

    private DeviceCode() {}

    /** An image that the device's driver loads. */
    public static byte[] compile(String name, String source, Device device) {
        return StandIn.isActive() ? forHost(name, UNMARKED + source) : forDevice(name, UNMARKED + source, device);
    }

    private static byte[] forHost(String name, String source) {
        try {
            Path folder = Files.createTempDirectory(name);
            Path file = Files.writeString(folder.resolve(name + ".cu"), source);
            Path header = StandIn.kernelHeaders().resolve("kernel.h");
            Path library = StandIn.compiler().library(name, List.of(file), List.of(header),
                    List.of("-O1", "-fno-gnu-unique", "-Wall", "-Wextra", "-Werror", "-include", header.toString(),
                            "-x", "c++"));
            Files.delete(file);
            Files.delete(folder);
            return Files.readAllBytes(library);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static byte[] forDevice(String name, String source, Device device) {
        try {
            return Program.compile(new KernelSource(name + ".cu", source),
                    CompileOptions.of(device.computeCapability().architecture())).bytes();
        } catch (MissingLibraryException missing) {
            Requirement.NVIDIA_LIBRARIES.missing(missing.getMessage());
            throw missing;
        }
    }
}
