package dev.culebra.runtime.cublaslt;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

import dev.culebra.bindings.NativeLibraries;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.cublas.Cublas;
import dev.culebra.runtime.cublas.CublasException;
import dev.culebra.runtime.driver.Context;
import dev.culebra.runtime.driver.Device;
import dev.culebra.runtime.driver.OnDevice;
import dev.culebra.runtime.standin.StandIn;
import dev.culebra.testing.NvidiaLibraries;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class CublasLtTest extends OnDevice {
    @BeforeAll
    static void load() {
        NvidiaLibraries.load(NativeLibraries.CUBLAS_LT);
    }

    @Test
    void itIsOfTheSameVersionAsCublas() {
        assertEquals(Cublas.version(), CublasLt.version());
        assertEquals("13.1.1", CublasLt.headerVersion());
    }

    @Test
    void failureSaysFunctionNumberNameTextAndWhatWasAskedFor() {
        assertDoesNotThrow(() -> CublasLt.check("cublasLtMatmul", 0));
        CublasException known = assertThrows(CublasException.class, () -> CublasLt.check("cublasLtMatmul", 15));
        assertEquals(
                "CUBLAS_STATUS_NOT_SUPPORTED (15) from cublasLtMatmul: the requested functionality is not supported",
                known.getMessage());
        assertEquals("status 999 from cublasLtMatmul: unrecognized status; asked for a product",
                CublasLt.failure("cublasLtMatmul", 999, "a product").getMessage());
        assertEquals(Optional.empty(), CublasLt.failure("cublasLtMatmul", 999, "").name());
    }

    @Test
    void withoutAGpuThereIsNoHandleAndNothingIsLeftBehind() {
        assumeTrue(StandIn.isActive(), "skipped: there is a GPU");
        Context own = Context.of(Device.of(0));
        CublasException failure = assertThrows(CublasException.class, () -> CublasLtHandle.create(own));
        assertEquals("CUBLAS_STATUS_NOT_INITIALIZED", failure.name().orElseThrow());
        assertEquals("cublasLtCreate", failure.function());
        assertTrue(
                failure.getMessage().endsWith("It needs an NVIDIA GPU, its driver, and a CUDA context that is current"
                        + " on this thread"),
                failure.getMessage());
        assertDoesNotThrow(own::close, "no handle needs it");
    }

    @Test
    void aClosedContextGetsNoHandle() {
        Context closed = Context.of(Device.of(0));
        closed.close();
        assertEquals("Context is closed",
                assertThrows(IllegalStateException.class, () -> CublasLtHandle.create(closed)).getMessage());
    }

    @Test
    void aSearchThatFailsSaysForWhat() {
        assumeTrue(StandIn.isActive(), "skipped: there is a GPU, on which it may not fail");
        MatmulSpec spec = MatmulSpec.of(MatmulShape.of(2, 3, 4), DataType.F32, ComputeType.TF32);
        try (MatmulDescriptors descriptors = MatmulDescriptors.create(spec, 0, 256)) {
            CublasException failure = assertThrows(CublasException.class,
                    () -> MatmulPlan.search(MemorySegment.NULL, descriptors, spec.toString()));
            assertEquals("cublasLtMatmulAlgoGetHeuristic", failure.function());
            assertEquals("CUBLAS_STATUS_NOT_INITIALIZED", failure.name().orElseThrow());
            assertTrue(failure.getMessage().contains("asked for MatmulSpec[shape=MatmulShape[m=2, n=3, k=4, batch=1]"),
                    failure.getMessage());
        }
    }
}
