package dev.culebra.runtime.cublaslt;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.driver.Context;
import dev.culebra.runtime.driver.Device;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.MemoryPool;
import dev.culebra.runtime.driver.OnDevice;
import dev.culebra.runtime.driver.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What is checked of the memory of a product before the library hears of it. */
class MatmulOperandsTest extends OnDevice {
    private static final MatmulSpec SPEC = MatmulSpec.of(MatmulShape.of(2, 3, 4), DataType.F32, ComputeType.F32)
            .with(Epilogue.GELU_KEEP_BIAS);
    private static final int ALIGNMENT = 16;

    private DeviceMemory a;
    private DeviceMemory b;
    private DeviceMemory d;
    private DeviceMemory vector;
    private DeviceMemory auxiliary;

    @BeforeEach
    void allocate() {
        a = pool.allocate(2 * 4 * 4, stream);
        b = pool.allocate(4 * 3 * 4, stream);
        d = pool.allocate(2 * 3 * 4, stream);
        vector = pool.allocate(3 * 4, stream);
        auxiliary = pool.allocate(2 * 8 * 4, stream);
    }

    @AfterEach
    void free() {
        a.close();
        b.close();
        d.close();
        vector.close();
        auxiliary.close();
    }

    private MatmulOperands operands() {
        return MatmulOperands.of(a, b, d).withVector(vector).withAuxiliary(auxiliary);
    }

    private void check(MatmulOperands operands) {
        operands.check(MatmulOperands.Sizes.of(SPEC), ALIGNMENT, stream);
    }

    private String refusal(MatmulOperands operands) {
        return assertThrows(IllegalArgumentException.class, () -> check(operands)).getMessage();
    }

    @Test
    void memoryOfExactlyTheSizeIsEnough() {
        assertDoesNotThrow(() -> check(operands()));
    }

    @Test
    void memoryThatIsOneByteTooSmallIsRefused() {
        assertEquals("A takes 32 bytes, but has 31", refusal(MatmulOperands.of(a.slice(0, 31), b, d)));
        assertEquals("B takes 48 bytes, but has 47", refusal(MatmulOperands.of(a, b.slice(0, 47), d)));
        assertEquals("C takes 24 bytes, but has 23", refusal(operands().withC(d.slice(0, 23))));
        assertEquals("C takes 24 bytes, but has 23", refusal(MatmulOperands.of(a, b, d.slice(0, 23))));
        assertEquals("D takes 24 bytes, but has 23", refusal(MatmulOperands.of(a, b, d.slice(0, 23)).withC(d)));
        assertEquals("the vector of the epilogue takes 12 bytes, but has 11",
                refusal(operands().withVector(vector.slice(0, 11))));
        assertEquals("the auxiliary memory of the epilogue takes 64 bytes, but has 63",
                refusal(operands().withAuxiliary(auxiliary.slice(0, 63))));
    }

    @Test
    void memoryThatTheEpilogueNeedsIsMissed() {
        assertEquals("the vector of the epilogue takes 12 bytes, but there is none",
                refusal(MatmulOperands.of(a, b, d).withAuxiliary(auxiliary)));
        assertEquals("the auxiliary memory of the epilogue takes 64 bytes, but there is none",
                refusal(MatmulOperands.of(a, b, d).withVector(vector)));
        MatmulOperands bare = MatmulOperands.of(a, b, d);
        assertDoesNotThrow(() -> bare.check(MatmulOperands.Sizes.of(SPEC.with(Epilogue.NONE)), ALIGNMENT, stream));
    }

    @Test
    void memoryThatIsNotAlignedIsRefused() {
        try (DeviceMemory larger = pool.allocate(256, stream)) {
            assertDoesNotThrow(() -> check(MatmulOperands.of(larger.slice(16, 32), b, d).withVector(vector)
                    .withAuxiliary(auxiliary)));
            assertEquals("the plan was made for multiples of 16 bytes, but A is at 0x"
                    + Long.toHexString(larger.address() + 8), refusal(MatmulOperands.of(larger.slice(8, 32), b, d)));
        }
    }

    @Test
    void freedMemoryIsRefused() {
        MatmulOperands operands = operands();
        b.close();
        assertEquals("DeviceMemory is closed",
                assertThrows(IllegalStateException.class, () -> check(operands)).getMessage());
        assertThrows(IllegalStateException.class, () -> MatmulOperands.of(a, b, d));
    }

    @Test
    void memoryOfAnotherDeviceIsRefused() {
        assumeTrue(Device.count() > 1, "skipped: there is one device");
        try (Context second = Context.of(Device.of(1));
                Stream other = Stream.create(second);
                MemoryPool otherPool = MemoryPool.create(second, 0);
                DeviceMemory there = otherPool.allocate(64, other)) {
            assertEquals("the vector of the epilogue belongs to device 1, not to device 0",
                    refusal(operands().withVector(there)));
        }
    }

    @Test
    void aWorkspaceIsCheckedOnlyIfItIsUsed() {
        Workspace workspace = Workspace.of(a);
        assertEquals(32, workspace.bytes());
        assertEquals(0, Workspace.NONE.bytes());
        assertEquals("the workspace takes 33 bytes, but has 32", assertThrows(IllegalArgumentException.class,
                () -> workspace.operand().check("the workspace", 33, 256, stream)).getMessage());
        assertEquals("the workspace takes 1 bytes, but there is none", assertThrows(IllegalArgumentException.class,
                () -> Workspace.NONE.operand().check("the workspace", 1, 256, stream)).getMessage());
        assertDoesNotThrow(() -> Workspace.NONE.operand().check("the workspace", 0, 256, stream));
    }
}
