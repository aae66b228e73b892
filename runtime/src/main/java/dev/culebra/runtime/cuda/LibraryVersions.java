package dev.culebra.runtime.cuda;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import dev.culebra.runtime.cublaslt.CublasLt;
import dev.culebra.runtime.cudnn.Cudnn;
import dev.culebra.runtime.driver.CudaDriver;
import dev.culebra.runtime.nvml.Nvml;
import dev.culebra.runtime.nvrtc.Nvrtc;

/** Asks NVIDIA's libraries for their versions. */
final class LibraryVersions {
    private LibraryVersions() {}

    /** Those of the driver and of the libraries that operations call. */
    static Map<String, String> ofThisBackend() {
        Map<String, String> versions = new LinkedHashMap<>();
        put(versions, "driver", LibraryVersions::ofDriver);
        put(versions, "CUDA of the driver", CudaDriver::version);
        put(versions, "cuDNN", Cudnn::version);
        put(versions, "cuBLASLt", CublasLt::version);
        put(versions, "NVRTC", Nvrtc::version);
        return Collections.unmodifiableMap(versions);
    }

    /** What is not there, or does not say, is left out: nothing depends on it, and whoever needs the library is told why. */
    private static void put(Map<String, String> versions, String library, Supplier<String> version) {
        try {
            versions.put(library, version.get());
        } catch (RuntimeException unknown) {
            versions.remove(library);
        }
    }

    private static String ofDriver() {
        try (Nvml nvml = Nvml.open()) {
            return nvml.driverVersion();
        }
    }
}
