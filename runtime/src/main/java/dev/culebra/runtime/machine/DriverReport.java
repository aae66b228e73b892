package dev.culebra.runtime.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntBiFunction;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

import dev.culebra.bindings.MissingLibraryException;
import dev.culebra.bindings.MissingSymbolException;
import dev.culebra.bindings.Native;
import dev.culebra.bindings.NativeLibraries;
import dev.culebra.bindings.cuda.cuda;
import dev.culebra.bindings.nvml.nvml;

/**
 * What was found of NVIDIA's driver.
 *
 * @param library the library of the driver API; its version is that of the CUDA that the driver supports
 * @param management NVML, the library that observes GPUs
 * @param driverVersion the driver's own version, such as {@code 580.65.06}, where NVML tells it
 * @param gpus the GPUs that this process may use
 * @param gpuProblem why the driver does not say which GPUs there are, or that there are none; nothing where there are some
 */
public record DriverReport(LibraryReport library, LibraryReport management, Optional<String> driverVersion,
        List<GpuReport> gpus, Optional<String> gpuProblem) {
    private static final int NAME_BYTES = 256;

    /** Asks the driver, which is started for that; no context is made on any GPU. */
    public static DriverReport examine() {
        Version header = Version.ofCuda(cuda.CUDA_VERSION);
        LibraryReport driver = LibraryReport.of(
                new Probe("CUDA driver", NativeLibraries.CUDA, Optional.of(header), DriverReport::supportedCuda),
                (version, made) -> version.major() < made.major()
                        ? Optional.of("it runs CUDA up to " + version + ", so libraries of CUDA " + made.major()
                                + " need a newer driver")
                        : Optional.empty());
        LibraryReport management = LibraryReport
                .of(new Probe("NVML", NativeLibraries.NVML, Optional.empty(), Optional::empty));
        Optional<String> version = management.isFound() ? askVersion() : Optional.empty();
        if (!driver.isFound()) {
            return new DriverReport(driver, management, version, List.of(),
                    Optional.of("there is no driver to ask"));
        }
        try {
            List<GpuReport> gpus = askGpus();
            return new DriverReport(driver, management, version, gpus,
                    gpus.isEmpty() ? Optional.of("the driver knows of none") : Optional.empty());
        } catch (MissingSymbolException | IllegalStateException failure) {
            return new DriverReport(driver, management, version, List.of(), Optional.of(failure.getMessage()));
        }
    }

    private static Optional<Version> supportedCuda() {
        return Optional.of(Version.ofCuda(integer("cuDriverGetVersion", cuda::cuDriverGetVersion)));
    }

    private static Optional<String> askVersion() {
        try (Arena arena = Arena.ofConfined()) {
            if (nvml.nvmlInit_v2() != nvml.NVML_SUCCESS) {
                return Optional.empty();
            }
            MemorySegment text = arena.allocate(nvml.NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE);
            int status = nvml.nvmlSystemGetDriverVersion(text, nvml.NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE);
            nvml.nvmlShutdown();
            return status == nvml.NVML_SUCCESS ? Optional.of(text.getString(0)) : Optional.empty();
        } catch (MissingLibraryException | MissingSymbolException silent) {
            return Optional.empty();
        }
    }

    private static List<GpuReport> askGpus() {
        check("cuInit", cuda.cuInit(0));
        return IntStream.range(0, integer("cuDeviceGetCount", cuda::cuDeviceGetCount)).mapToObj(DriverReport::gpu)
                .toList();
    }

    private static GpuReport gpu(int number) {
        try (Arena arena = Arena.ofConfined()) {
            int device = integer("cuDeviceGet", out -> cuda.cuDeviceGet(out, number));
            MemorySegment name = arena.allocate(NAME_BYTES);
            check("cuDeviceGetName", cuda.cuDeviceGetName(name, NAME_BYTES, device));
            MemorySegment bytes = arena.allocate(ValueLayout.JAVA_LONG);
            check("cuDeviceTotalMem", cuda.cuDeviceTotalMem_v2(bytes, device));
            return new GpuReport(number, name.getString(0), bytes.get(ValueLayout.JAVA_LONG, 0),
                    attribute(cuda.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device) + "."
                            + attribute(cuda.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, device));
        }
    }

    private static int integer(String function, ToIntFunction<MemorySegment> call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
            check(function, call.applyAsInt(out));
            return out.get(ValueLayout.JAVA_INT, 0);
        }
    }

    /** Without a device there is nothing to own and nothing that was lost: a sentence is enough. */
    private static void check(String function, int status) {
        if (status != cuda.CUDA_SUCCESS) {
            throw new IllegalStateException(text(status, cuda::cuGetErrorName).orElse("status") + " (" + status
                    + ") from " + function + text(status, cuda::cuGetErrorString).map(": "::concat).orElse(""));
        }
    }

    private static Optional<String> text(int status, ToIntBiFunction<Integer, MemorySegment> call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(Native.C_POINTER);
            return call.applyAsInt(status, out) == cuda.CUDA_SUCCESS
                    ? Optional.of(out.get(Native.C_POINTER, 0).getString(0))
                    : Optional.empty();
        } catch (MissingSymbolException silent) {
            return Optional.empty();
        }
    }

    private static int attribute(int attribute, int device) {
        return integer("cuDeviceGetAttribute", out -> cuda.cuDeviceGetAttribute(out, attribute, device));
    }
}
