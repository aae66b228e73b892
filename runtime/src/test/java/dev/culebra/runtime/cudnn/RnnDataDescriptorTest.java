package dev.culebra.runtime.cudnn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

import dev.culebra.bindings.NativeLibraries;
import dev.culebra.bindings.cudnn.cudnn;
import dev.culebra.runtime.DataType;
import dev.culebra.testing.NvidiaLibraries;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RnnDataDescriptorTest {
    @BeforeAll
    static void load() {
        NvidiaLibraries.load(NativeLibraries.CUDNN);
    }

    @ParameterizedTest
    @CsvSource({"F32, TIME_MAJOR, 0, 0", "BF16, BATCH_MAJOR, 9, 2", "F64, TIME_MAJOR, 1, 0"})
    void everythingIsReadBackAfterTheArgumentsAreGone(DataType type, RnnDataLayout layout, int typeCode,
            int layoutCode) {
        RnnSequences sequences = new RnnSequences(List.of(3, 1, 2), 5);
        try (RnnDataDescriptor descriptor = RnnDataDescriptor.create(type, layout, sequences, 7);
                Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_INT, 5);
            MemorySegment lengths = arena.allocate(ValueLayout.JAVA_INT, 3);
            MemorySegment padding = arena.allocateFrom(ValueLayout.JAVA_DOUBLE, Double.NaN);
            assertEquals(0, cudnn.cudnnGetRNNDataDescriptor(descriptor.handle(), out, out.asSlice(4), out.asSlice(8),
                    out.asSlice(12), out.asSlice(16), 3, lengths, padding));
            assertArrayEquals(new int[] {typeCode, layoutCode, 5, 3, 7}, out.toArray(ValueLayout.JAVA_INT));
            assertArrayEquals(new int[] {3, 1, 2}, lengths.toArray(ValueLayout.JAVA_INT));
            assertEquals(0, padding.get(ValueLayout.JAVA_SHORT, 0), "what padding becomes");
        }
    }

    @Test
    void aPackedBatchIsSortedAndAsLongAsThereIsRoomFor() {
        assertDoesNotThrow(() -> packed(new RnnSequences(List.of(3, 3, 1), 3)).close());
        CudnnException unsorted = assertThrows(CudnnException.class, () -> packed(new RnnSequences(List.of(1, 3), 3)));
        assertEquals("CUDNN_STATUS_BAD_PARAM", unsorted.name().orElseThrow());
        assertTrue(unsorted.getMessage().contains("isSortedSequences"), "the vendor's text: " + unsorted.getMessage());
        CudnnException roomy = assertThrows(CudnnException.class, () -> packed(new RnnSequences(List.of(3, 1), 4)));
        assertEquals("cudnnSetRNNDataDescriptor", roomy.function());
        assertTrue(roomy.getMessage().contains("maxSeqLength"), "the vendor's text: " + roomy.getMessage());
    }

    private static RnnDataDescriptor packed(RnnSequences sequences) {
        return RnnDataDescriptor.create(DataType.F32, RnnDataLayout.TIME_MAJOR_PACKED, sequences, 7);
    }

    @ParameterizedTest
    @EnumSource
    void sizesThatCudnnHasNotAreTypedFailures(RnnDataLayout layout) {
        RnnSequences sequences = RnnSequences.equal(3, 1 << 30);
        CudnnException failure = assertThrows(CudnnException.class,
                () -> RnnDataDescriptor.create(DataType.F32, layout, sequences, 1 << 30));
        assertEquals("CUDNN_STATUS_NOT_SUPPORTED", failure.name().orElseThrow());
        assertThrows(CudnnException.class,
                () -> RnnDataDescriptor.create(DataType.F32, layout, RnnSequences.equal(1, 1), 0));
        assertThrows(CudnnException.class,
                () -> RnnDataDescriptor.create(DataType.I32, layout, RnnSequences.equal(1, 1), 1));
    }

    @Test
    void afterClosingItIsNotUsed() {
        RnnDataDescriptor descriptor = packed(RnnSequences.equal(1, 1));
        descriptor.close();
        descriptor.close();
        assertThrows(IllegalStateException.class, descriptor::handle);
    }
}
