package dev.culebra.runtime.cublas;

import dev.culebra.bindings.NativeLibraries;
import dev.culebra.runtime.cublas.CublasHandle.GemmOperand;
import dev.culebra.runtime.cublas.CublasHandle.GemmShape;
import dev.culebra.runtime.driver.Context;
import dev.culebra.runtime.driver.Device;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.OnDevice;
import dev.culebra.runtime.driver.Stream;
import dev.culebra.runtime.standin.StandIn;
import dev.culebra.testing.NvidiaLibraries;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What cuBLAS refuses before, or for want of, a GPU. */
class CublasHandleTest extends OnDevice {
    @BeforeAll
    static void load() {
        NvidiaLibraries.load(NativeLibraries.CUBLAS);
    }

    @Test
    void withoutAGpuThereIsNoHandleAndNothingIsLeftBehind() {
        assumeTrue(StandIn.isActive(), "skipped: there is a GPU");
        Stream own = Stream.create(context);
        CublasException failure = assertThrows(CublasException.class, () -> CublasHandle.create(own));
        assertEquals("CUBLAS_STATUS_NOT_INITIALIZED", failure.name().orElseThrow());
        assertEquals("cublasCreate_v2", failure.function());
        assertDoesNotThrow(own::close, "no handle needs it");
    }

    @Test
    void aClosedStreamGetsNoHandle() {
        Stream closed = Stream.create(context);
        closed.close();
        String message = assertThrows(IllegalStateException.class, () -> CublasHandle.create(closed)).getMessage();
        assertEquals("Stream is closed", message);
    }

    @Test
    void sizesArePositive() {
        assertEquals("sizes must be positive, but are 2, 0, 3, 1",
                assertThrows(IllegalArgumentException.class, () -> new GemmShape(2, 0, 3, 1)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> new GemmShape(0, 1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new GemmShape(1, 1, -1, 1));
        assertThrows(IllegalArgumentException.class, () -> new GemmShape(1, 1, 1, 0));
    }

    @Test
    void aMatrixFitsInItsMemoryToTheLastElement() {
        // Three 2 x 3 matrices, columns 5 apart, matrices 20 apart: 2 * 20 + 2 * 5 + 2 elements.
        try (DeviceMemory exact = pool.allocate(52 * 4, stream);
                DeviceMemory small = pool.allocate(52 * 4 - 1, stream)) {
            assertDoesNotThrow(() -> new GemmOperand(exact, false, 5, 20).check("A", 2, 3, 3, stream));
            assertDoesNotThrow(() -> new GemmOperand(exact, true, 5, 20).check("A", 3, 2, 3, stream));
            assertEquals("A takes 208 bytes, but has 207", refusal(new GemmOperand(small, false, 5, 20), 2, 3, 3));
            assertEquals("A takes 228 bytes, but has 208", refusal(new GemmOperand(exact, true, 5, 0), 12, 2, 1));
        }
    }

    @Test
    void aMatrixThatOverlapsItselfIsRefused() {
        try (DeviceMemory memory = pool.allocate(4096, stream)) {
            assertEquals("the columns of A have 4 elements, but its leadingDimension is 3",
                    refusal(new GemmOperand(memory, false, 3, 0), 4, 2, 1));
            assertEquals("the columns of A have 2 elements, but its leadingDimension is 1",
                    refusal(new GemmOperand(memory, true, 1, 0), 4, 2, 1));
            assertEquals("the matrices of A extend over 8 elements, but its batchStride is 7",
                    refusal(new GemmOperand(memory, false, 4, 7), 4, 2, 2));
            assertEquals("the matrices of A extend over 8 elements, but its batchStride is -8",
                    refusal(new GemmOperand(memory, false, 4, -8), 4, 2, 2));
            assertDoesNotThrow(() -> new GemmOperand(memory, false, 4, 0).check("A", 4, 2, 100, stream));
        }
    }

    @Test
    void sizesThatOverflowDoNotPassForSmallOnes() {
        try (DeviceMemory memory = pool.allocate(4, stream)) {
            GemmOperand far = new GemmOperand(memory, false, 1, Long.MAX_VALUE / 2);
            assertEquals("A is larger than any memory", refusal(far, 1, 1, 5));
            GemmOperand wide = new GemmOperand(memory, false, Integer.MAX_VALUE, 0);
            assertEquals("A is larger than any memory", refusal(wide, Integer.MAX_VALUE, Integer.MAX_VALUE, 1));
        }
    }

    @Test
    void freedMemoryAndThatOfAnotherDeviceAreRefused() {
        DeviceMemory freed = pool.allocate(64, stream);
        freed.close();
        assertThrows(IllegalStateException.class,
                () -> new GemmOperand(freed, false, 4, 0).check("A", 4, 4, 1, stream));
        assumeTrue(Device.count() > 1, "skipped: there is one device");
        try (Context second = Context.of(Device.of(1));
                Stream other = Stream.create(second);
                DeviceMemory memory = pool.allocate(64, stream)) {
            GemmOperand operand = new GemmOperand(memory, false, 4, 0);
            assertEquals("A belongs to device 0, not to device 1", assertThrows(IllegalArgumentException.class,
                    () -> operand.check("A", 4, 4, 1, other)).getMessage());
        }
    }

    private String refusal(GemmOperand operand, int rows, int columns, int batch) {
        return assertThrows(IllegalArgumentException.class,
                () -> operand.check("A", rows, columns, batch, stream)).getMessage();
    }
}
