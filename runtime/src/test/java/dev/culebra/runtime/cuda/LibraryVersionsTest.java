package dev.culebra.runtime.cuda;

import java.util.Map;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Backends;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.cublaslt.CublasLt;
import dev.culebra.runtime.cudnn.Cudnn;
import dev.culebra.runtime.driver.CudaDriver;
import dev.culebra.runtime.standin.StandIn;
import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** What a backend on a device says it computes with. */
class LibraryVersionsTest {
    @Test
    void theLibrariesThatAreThereTellTheirVersions() {
        StandIn.activate();
        try (Backend backend = open()) {
            Map<String, String> versions = backend.libraryVersions();
            assertEquals(CudaDriver.version(), versions.get("CUDA of the driver"));
            assertEquals(Cudnn.version(), versions.get("cuDNN"));
            assertEquals(CublasLt.version(), versions.get("cuBLASLt"));
            versions.forEach((library, version) -> assertEquals(true, version.matches("\\d+(\\.\\d+)+"),
                    library + " " + version));
            assertThrows(UnsupportedOperationException.class, versions::clear);
        }
    }

    private static Backend open() {
        try {
            return Backends.open("cuda", Precision.FP32);
        } catch (RuntimeException | LinkageError e) {
            Requirement.ofBackend("cuda", Precision.FP32.label()).missing(String.valueOf(e.getMessage()));
            throw e;
        }
    }
}
