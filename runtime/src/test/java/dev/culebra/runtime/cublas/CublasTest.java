package dev.culebra.runtime.cublas;

import java.util.Optional;

import dev.culebra.bindings.NativeLibraries;
import dev.culebra.testing.NvidiaLibraries;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CublasTest {
    @BeforeAll
    static void load() {
        NvidiaLibraries.load(NativeLibraries.CUBLAS);
    }

    @Test
    void theLibraryIsOfTheHeadersGenerationOrTheOneBefore() {
        assertEquals("13.1.1", Cublas.headerVersion());
        assertTrue(Cublas.version().matches("1[23]\\.\\d+\\.\\d+"), Cublas.version());
    }

    @Test
    void successPasses() {
        assertDoesNotThrow(() -> Cublas.check("cublasCreate_v2", 0));
    }

    @ParameterizedTest
    @CsvSource({"1, CUBLAS_STATUS_NOT_INITIALIZED", "3, CUBLAS_STATUS_ALLOC_FAILED", "7, CUBLAS_STATUS_INVALID_VALUE",
        "8, CUBLAS_STATUS_ARCH_MISMATCH", "11, CUBLAS_STATUS_MAPPING_ERROR", "13, CUBLAS_STATUS_EXECUTION_FAILED",
        "14, CUBLAS_STATUS_INTERNAL_ERROR", "15, CUBLAS_STATUS_NOT_SUPPORTED", "16, CUBLAS_STATUS_LICENSE_ERROR"})
    void failureSaysFunctionNumberNameAndText(int status, String name) {
        CublasException failure = assertThrows(CublasException.class, () -> Cublas.check("cublasGemmEx", status));
        assertEquals("cublasGemmEx", failure.function());
        assertEquals(status, failure.status());
        assertEquals(Optional.of(name), failure.name());
        assertTrue(failure.getMessage().matches("\\Q" + name + " (" + status + ") from cublasGemmEx: \\E[a-z].+"),
                failure.getMessage());
    }

    @Test
    void failureSaysTheVendorsTextWhatWasAskedForAndWhatHelps() {
        assertEquals("CUBLAS_STATUS_NOT_INITIALIZED (1) from cublasCreate_v2: the library was not initialized."
                + " It needs an NVIDIA GPU, its driver, and a CUDA context that is current on this thread",
                Cublas.failure("cublasCreate_v2", 1, "").getMessage());
        String full = Cublas.failure("cublasGemmEx", 3, "a product").getMessage();
        assertTrue(full.endsWith("; asked for a product. Use a smaller batch or workspace, or close other programs on"
                + " the GPU"), full);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 2, 999, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void unknownStatusIsANumber(int status) {
        CublasException failure = assertThrows(CublasException.class, () -> Cublas.check("cublasGemmEx", status));
        assertEquals(status, failure.status());
        assertEquals(Optional.empty(), failure.name());
        assertTrue(failure.getMessage().startsWith("status " + status + " from cublasGemmEx: "), failure.getMessage());
    }
}
