package dev.culebra.tools.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import dev.culebra.bindings.LoadedLibrary;
import dev.culebra.bindings.MissingLibraryException;
import dev.culebra.bindings.NativeLibraries;
import dev.culebra.runtime.driver.CudaException;
import dev.culebra.runtime.driver.Device;
import dev.culebra.runtime.machine.DriverReport;
import dev.culebra.runtime.nvrtc.CompileOptions;
import dev.culebra.runtime.nvrtc.KernelSource;
import dev.culebra.runtime.nvrtc.Program;
import dev.culebra.tools.benchmarks.device.DeviceBenchmark;

/** What a GPU's driver costs through the runtime, and the same in C++: the benchmarks of the package {@code device}. */
final class DeviceCosts {
    private static final RatioTable TABLE = new RatioTable("what", "ours", List.of(CppCosts.CPP), "us", 1e3);

    private DeviceCosts() {}

    /** Why there is nothing to measure, if so. */
    static Optional<String> missing() {
        try {
            return Device.count() > 0 ? Optional.empty() : Optional.of("the driver finds no GPU");
        } catch (MissingLibraryException noDriver) {
            return Optional.of("there is no NVIDIA driver");
        } catch (CudaException broken) {
            return Optional.of(broken.getMessage());
        }
    }

    /**
     * Measures, and tells the progress.
     *
     * @param module the folder of this module, if its sources are here
     * @param command what was asked for
     */
    static String measure(Path module, Settings settings, String command, Consumer<String> progress) {
        Path cpp = CppCosts.program(module);
        LoadedLibrary driver = NativeLibraries.CUDA.load();
        Path library = driver.path().orElse(Path.of(driver.fileName()));
        Path image = compileKernel();
        try {
            Measurements all = new Measurements();
            for (int round = 1; round <= settings.rounds(); round++) {
                progress.accept("device: round " + round + " of " + settings.rounds());
                all.addAll(Jmh.round(DeviceBenchmark.class.getPackage(),
                        Map.of(DeviceBenchmark.IMAGE, image.toString(), "culebra.cuda.path", library.toString()),
                        settings));
                all.addAll(CppCosts.round(cpp, library, image, settings));
            }
            return Circumstances
                    .line(Device.of(0).name() + ", driver "
                            + DriverReport.examine().driverVersion().orElse("of unknown version") + "; " + settings
                            + "; `" + command + "`")
                    + "\n\n" + TABLE.markdown(all);
        } finally {
            image.toFile().delete();
        }
    }

    /** The kernel of both sides, compiled for the device. */
    private static Path compileKernel() {
        byte[] image = Program.compile(new KernelSource("empty.cu", DeviceBenchmark.SOURCE),
                CompileOptions.of(Device.of(0).computeCapability().architecture())).bytes();
        try {
            return Files.write(Files.createTempFile("culebra-benchmarks", ".cubin"), image);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
