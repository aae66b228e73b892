package dev.culebra.runtime.cudnn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.culebra.bindings.NativeLibraries;
import dev.culebra.bindings.cudnn.cudnn;
import dev.culebra.testing.NvidiaLibraries;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a network's description sets is read back from cuDNN. */
class RnnDescriptorTest {
    private static final RnnSpec.Size SIZE = RnnSpec.Size.of(3, 31, 33);

    @BeforeAll
    static void load() {
        NvidiaLibraries.load(NativeLibraries.CUDNN);
    }

    /** Type, precision of sums and math type, as the vendor numbers them. */
    @ParameterizedTest
    @CsvSource({"STRICT_F32, 0, 0, 3", "TF32, 0, 0, 0", "BF16, 9, 0, 1", "F64, 1, 1, 3"})
    void everyArithmeticIsSet(RnnArithmetic arithmetic, int type, int precision, int math) {
        RnnSpec spec = new RnnSpec(SIZE, arithmetic, RnnAlgorithm.STANDARD, RnnDataLayout.BATCH_MAJOR);
        int[] found = read(spec);
        assertArrayEquals(new int[] {type, precision, math}, Arrays.copyOfRange(found, 5, 8));
    }

    @ParameterizedTest
    @CsvSource({"STANDARD, 0", "PERSIST_STATIC, 1", "PERSIST_DYNAMIC, 2", "PERSIST_STATIC_SMALL_H, 3"})
    void everyAlgorithmIsSet(RnnAlgorithm algorithm, int code) {
        assertEquals(code, read(new RnnSpec(SIZE, RnnArithmetic.STRICT_F32, algorithm, RnnDataLayout.TIME_MAJOR))[0]);
    }

    @ParameterizedTest
    @CsvSource({"TIME_MAJOR, 1", "BATCH_MAJOR, 1", "TIME_MAJOR_PACKED, 0"})
    void paddingIsAllowedWhereTheLayoutHasIt(RnnDataLayout layout, int flags) {
        assertEquals(flags, read(new RnnSpec(SIZE, RnnArithmetic.TF32, RnnAlgorithm.STANDARD, layout))[13]);
    }

    static Stream<RnnSpec.Size> sizes() {
        return Stream.of(SIZE, RnnSpec.Size.of(1, 1, 1), new RnnSpec.Size(4, 7, 257, 33));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void itIsAnLstmOfTheseSizesWithTwoBiasesAndOneDirection(RnnSpec.Size size) {
        int[] found = read(new RnnSpec(size, RnnArithmetic.TF32, RnnAlgorithm.STANDARD, RnnDataLayout.BATCH_MAJOR));
        assertArrayEquals(new int[] {cudnn.CUDNN_LSTM, cudnn.CUDNN_RNN_DOUBLE_BIAS, cudnn.CUDNN_UNIDIRECTIONAL,
            cudnn.CUDNN_LINEAR_INPUT}, Arrays.copyOfRange(found, 1, 5));
        assertArrayEquals(new int[] {size.inputSize(), size.hiddenSize(), size.projectionSize(), size.layers()},
                Arrays.copyOfRange(found, 8, 12));
    }

    /** The thirteen numbers of a network and its flags; 12 is the dropout descriptor, which it has not. */
    private static int[] read(RnnSpec spec) {
        try (RnnDescriptor descriptor = RnnDescriptor.create(spec); Arena arena = Arena.ofConfined()) {
            MemorySegment[] out = IntStream.range(0, 14).mapToObj(i -> arena.allocate(ValueLayout.JAVA_LONG))
                    .toArray(MemorySegment[]::new);
            assertEquals(0, cudnn.cudnnGetRNNDescriptor_v8(descriptor.handle(), out[0], out[1], out[2], out[3], out[4],
                    out[5], out[6], out[7], out[8], out[9], out[10], out[11], out[12], out[13]));
            assertEquals(0, out[12].get(ValueLayout.JAVA_LONG, 0), "the dropout descriptor");
            return Arrays.stream(out).mapToInt(value -> value.get(ValueLayout.JAVA_INT, 0)).toArray();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PERSIST_STATIC", "PERSIST_STATIC_SMALL_H"})
    void whatCudnnHasNotIsATypedFailureThatNamesTheNetwork(RnnAlgorithm algorithm) {
        RnnSpec spec = new RnnSpec(SIZE, RnnArithmetic.F64, algorithm, RnnDataLayout.BATCH_MAJOR);
        CudnnException failure = assertThrows(CudnnException.class, () -> RnnDescriptor.create(spec));
        assertEquals("cudnnSetRNNDescriptor_v8", failure.function());
        assertEquals("CUDNN_STATUS_NOT_SUPPORTED", failure.name().orElseThrow());
        assertTrue(failure.getMessage().contains("asked for RnnSpec[size=Size[layers=3, inputSize=31"),
                failure.getMessage());
    }

    @Test
    void afterClosingItIsNotUsed() {
        RnnDescriptor descriptor = RnnDescriptor.create(
                new RnnSpec(SIZE, RnnArithmetic.BF16, RnnAlgorithm.STANDARD, RnnDataLayout.BATCH_MAJOR));
        descriptor.close();
        descriptor.close();
        assertEquals("RnnDescriptor is closed",
                assertThrows(IllegalStateException.class, descriptor::handle).getMessage());
    }
}
