package dev.culebra.runtime.cudnn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.culebra.bindings.NativeLibraries;
import dev.culebra.bindings.cudnn.cudnn;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Shape;
import dev.culebra.testing.NvidiaLibraries;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TensorDescriptorTest {
    @BeforeAll
    static void load() {
        NvidiaLibraries.load(NativeLibraries.CUDNN);
    }

    @Test
    void sizesAndStridesAreReadBack() {
        try (TensorDescriptor descriptor = TensorDescriptor.rowMajor(DataType.F32, Shape.of(4, 7, 31))) {
            assertEquals(Shape.of(4, 7, 31), descriptor.shape());
            assertArrayEquals(new int[] {217, 31, 1}, descriptor.strides());
        }
        try (TensorDescriptor descriptor = TensorDescriptor.rowMajor(DataType.F64, Shape.of(2, 1, 3, 1, 2, 1, 1, 5))) {
            assertEquals(Shape.of(2, 1, 3, 1, 2, 1, 1, 5), descriptor.shape());
            assertArrayEquals(new int[] {30, 30, 10, 10, 5, 5, 5, 1}, descriptor.strides());
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeIsSet(DataType type) {
        try (TensorDescriptor descriptor = TensorDescriptor.rowMajor(type, Shape.of(2, 3, 4));
                Arena arena = Arena.ofConfined()) {
            MemorySegment found = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment rank = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment ignored = arena.allocate(ValueLayout.JAVA_INT, 3);
            assertEquals(0, cudnn.cudnnGetTensorNdDescriptor(descriptor.handle(), 3, found, rank, ignored, ignored));
            assertEquals(Cudnn.type(type), found.get(ValueLayout.JAVA_INT, 0));
            assertEquals(3, rank.get(ValueLayout.JAVA_INT, 0));
        }
    }

    @Test
    void tensorsThatCudnnHasNotAreRefused() {
        CudnnException flat = assertThrows(CudnnException.class,
                () -> TensorDescriptor.rowMajor(DataType.F32, Shape.of(3)));
        assertEquals("cudnnSetTensorNdDescriptor", flat.function());
        assertEquals("CUDNN_STATUS_BAD_PARAM", flat.name().orElseThrow());
        assertTrue(flat.getMessage().contains("requires at least 2 dimensions"), flat.getMessage());
        assertThrows(CudnnException.class,
                () -> TensorDescriptor.rowMajor(DataType.F32, Shape.of(1, 1, 1, 1, 1, 1, 1, 1, 1)));
        assertThrows(CudnnException.class, () -> TensorDescriptor.rowMajor(DataType.F32, Shape.of(2, 0, 3)));
        assertEquals("cuDNN has no tensor as large as (2, 65536, 65536)", assertThrows(IllegalArgumentException.class,
                () -> TensorDescriptor.rowMajor(DataType.F32, Shape.of(2, 65536, 65536))).getMessage());
    }

    @Test
    void aDescriptorThatWasNotSetHasNoAxes() {
        try (TensorDescriptor descriptor = TensorDescriptor.empty()) {
            assertEquals(0, descriptor.shape().rank());
        }
    }

    @Test
    void afterClosingItIsNotUsed() {
        TensorDescriptor descriptor = TensorDescriptor.rowMajor(DataType.F32, Shape.of(2, 3, 4));
        descriptor.close();
        descriptor.close();
        assertEquals("TensorDescriptor is closed",
                assertThrows(IllegalStateException.class, descriptor::shape).getMessage());
    }
}
