package dev.culebra.runtime.cudnn;

import java.util.Optional;

import dev.culebra.bindings.NativeLibraries;
import dev.culebra.bindings.cudnn.cudnn;
import dev.culebra.runtime.DataType;
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

class CudnnTest {
    @BeforeAll
    static void load() {
        NvidiaLibraries.load(NativeLibraries.CUDNN);
    }

    @Test
    void theLibraryIsOfTheHeadersGeneration() {
        assertEquals("9.24.0", Cudnn.headerVersion());
        assertTrue(Cudnn.version().matches("9\\.\\d+\\.\\d+"), Cudnn.version());
    }

    @Test
    void successPasses() {
        assertDoesNotThrow(() -> Cudnn.check("cudnnCreate", 0));
    }

    @ParameterizedTest
    @CsvSource({"1001, CUDNN_STATUS_NOT_INITIALIZED", "2000, CUDNN_STATUS_BAD_PARAM",
        "2002, CUDNN_STATUS_BAD_PARAM_NULL_POINTER", "3000, CUDNN_STATUS_NOT_SUPPORTED",
        "4000, CUDNN_STATUS_INTERNAL_ERROR", "5000, CUDNN_STATUS_EXECUTION_FAILED"})
    void failureSaysFunctionNumberAndName(int status, String name) {
        CudnnException failure = assertThrows(CudnnException.class, () -> Cudnn.check("cudnnRNNForward", status));
        assertEquals("cudnnRNNForward", failure.function());
        assertEquals(status, failure.status());
        assertEquals(Optional.of(name), failure.name());
        assertTrue(failure.getMessage().startsWith(name + " (" + status + ") from cudnnRNNForward"),
                failure.getMessage());
    }

    @Test
    void failureSaysWhatWasAskedForAndWhatHelps() {
        assertEquals(
                "CUDNN_STATUS_NOT_INITIALIZED (1001) from cudnnCreate: asked for a network; it needs an NVIDIA GPU,"
                        + " its driver, and a CUDA context that is current on this thread",
                Cudnn.failure("cudnnCreate", 1001, "a network").getMessage());
        String full = Cudnn.failure("cudnnRNNForward",
                cudnn.CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED, "").getMessage();
        assertTrue(full.endsWith(": the GPU's memory is full: use a smaller batch, or close other programs on the GPU"),
                full);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1, 999_999, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void unknownStatusIsANumber(int status) {
        CudnnException failure = assertThrows(CudnnException.class, () -> Cudnn.check("cudnnRNNForward", status));
        assertEquals(status, failure.status());
        assertEquals(Optional.empty(), failure.name());
        assertEquals("status " + status + " from cudnnRNNForward", failure.getMessage());
    }

    /** The numbers of {@code cudnnDataType_t} in the vendor's documentation. */
    @ParameterizedTest
    @CsvSource({"F32, 0", "F64, 1", "I32, 4", "BF16, 9"})
    void everyTypeHasItsCode(DataType type, int code) {
        assertEquals(code, Cudnn.type(type));
    }
}
