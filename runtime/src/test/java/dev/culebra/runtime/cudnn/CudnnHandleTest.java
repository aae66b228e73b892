package dev.culebra.runtime.cudnn;

import dev.culebra.bindings.NativeLibraries;
import dev.culebra.runtime.driver.OnDevice;
import dev.culebra.runtime.driver.Stream;
import dev.culebra.runtime.standin.StandIn;
import dev.culebra.testing.NvidiaLibraries;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class CudnnHandleTest extends OnDevice {
    @BeforeAll
    static void load() {
        NvidiaLibraries.load(NativeLibraries.CUDNN);
    }

    @Test
    void withoutAGpuThereIsNoHandleAndNothingIsLeftBehind() {
        assumeTrue(StandIn.isActive(), "skipped: there is a GPU");
        Stream own = Stream.create(context);
        CudnnException failure = assertThrows(CudnnException.class, () -> CudnnHandle.create(own));
        assertEquals("cudnnCreate", failure.function());
        assertEquals("CUDNN_STATUS_NOT_INITIALIZED", failure.name().orElseThrow());
        assertTrue(failure.getMessage().contains("cudaGetDeviceCount"), "the vendor's text: " + failure.getMessage());
        assertTrue(
                failure.getMessage().endsWith("it needs an NVIDIA GPU, its driver, and a CUDA context that is current"
                        + " on this thread"),
                failure.getMessage());
        String again = assertThrows(CudnnException.class, () -> Cudnn.check("cudnnRNNForward", 3000)).getMessage();
        assertEquals("CUDNN_STATUS_NOT_SUPPORTED (3000) from cudnnRNNForward", again, "a text is told once");
        assertDoesNotThrow(own::close, "no handle needs it");
    }

    @Test
    void aClosedStreamGetsNoHandle() {
        Stream closed = Stream.create(context);
        closed.close();
        assertEquals("Stream is closed",
                assertThrows(IllegalStateException.class, () -> CudnnHandle.create(closed)).getMessage());
    }
}
