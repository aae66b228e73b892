package dev.culebra.bindings.cudnn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.NativeLibraries;
import dev.culebra.testing.NvidiaLibraries;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

/** Calls cuDNN itself: descriptors need no GPU. */
class CudnnTest {
    @BeforeAll
    static void load() {
        NvidiaLibraries.load(NativeLibraries.CUDNN);
    }

    @Test
    void versionIsThatOfTheHeaders() {
        assertEquals(cudnn.CUDNN_VERSION, cudnn.cudnnGetVersion());
        assertEquals(13, cudnn.cudnnGetCudartVersion() / 1000);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(Native.C_INT);
            check(cudnn.cudnnGetProperty(cudnn.MAJOR_VERSION, value));
            assertEquals(cudnn.CUDNN_MAJOR, value.get(Native.C_INT, 0));
            check(cudnn.cudnnGetProperty(cudnn.MINOR_VERSION, value));
            assertEquals(cudnn.CUDNN_MINOR, value.get(Native.C_INT, 0));
        }
    }

    @Test
    void allPartsHaveOneVersion() {
        check(cudnn.cudnnOpsVersionCheck());
        check(cudnn.cudnnAdvVersionCheck());
        check(cudnn.cudnnCnnVersionCheck());
        check(cudnn.cudnnGraphVersionCheck());
    }

    @Test
    void statusHasAName() {
        assertEquals("CUDNN_STATUS_BAD_PARAM", name(cudnn.CUDNN_STATUS_BAD_PARAM));
        assertEquals("CUDNN_STATUS_NOT_SUPPORTED_ARCH_MISMATCH",
                name(cudnn.CUDNN_STATUS_NOT_SUPPORTED_ARCH_MISMATCH));
    }

    @Test
    void tensorDescriptorKeepsItsValues() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment tensor = create(arena, cudnn::cudnnCreateTensorDescriptor);
            check(cudnn.cudnnSetTensorNdDescriptor(tensor, cudnn.CUDNN_DATA_BFLOAT16, 3,
                    ints(arena, 7, 31, 257), ints(arena, 31 * 257, 257, 1)));
            MemorySegment type = arena.allocate(Native.C_INT);
            MemorySegment rank = arena.allocate(Native.C_INT);
            MemorySegment sizes = arena.allocate(Native.C_INT, 4);
            MemorySegment strides = arena.allocate(Native.C_INT, 4);
            check(cudnn.cudnnGetTensorNdDescriptor(tensor, 4, type, rank, sizes, strides));
            assertEquals(cudnn.CUDNN_DATA_BFLOAT16, type.get(Native.C_INT, 0));
            assertEquals(3, rank.get(Native.C_INT, 0));
            assertArrayEquals(new int[] {7, 31, 257}, ints(sizes, 3));
            assertArrayEquals(new int[] {31 * 257, 257, 1}, ints(strides, 3));
            MemorySegment bytes = arena.allocate(Native.C_LONG_LONG);
            check(cudnn.cudnnGetTensorSizeInBytes(tensor, bytes));
            assertEquals(7 * 31 * 257 * Short.BYTES, bytes.get(Native.C_LONG_LONG, 0));
            check(cudnn.cudnnDestroyTensorDescriptor(tensor));
        }
    }

    @Test
    void impossibleTensorIsRefusedWithAReason() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment tensor = create(arena, cudnn::cudnnCreateTensorDescriptor);
            assertEquals("CUDNN_STATUS_BAD_PARAM", name(cudnn.cudnnSetTensorNdDescriptor(tensor,
                    cudnn.CUDNN_DATA_FLOAT, 3, ints(arena, 7, -1, 257), ints(arena, 257, 257, 1))));
            MemorySegment message = arena.allocate(1024);
            cudnn.cudnnGetLastErrorString(message, message.byteSize());
            assertNotEquals("", message.getString(0));
            check(cudnn.cudnnDestroyTensorDescriptor(tensor));
        }
    }

    @Test
    void rnnDescriptorKeepsItsValues() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment rnn = create(arena, cudnn::cudnnCreateRNNDescriptor);
            check(cudnn.cudnnSetRNNDescriptor_v8(rnn, cudnn.CUDNN_RNN_ALGO_STANDARD, cudnn.CUDNN_LSTM,
                    cudnn.CUDNN_RNN_SINGLE_INP_BIAS, cudnn.CUDNN_UNIDIRECTIONAL, cudnn.CUDNN_LINEAR_INPUT,
                    cudnn.CUDNN_DATA_FLOAT, cudnn.CUDNN_DATA_FLOAT, cudnn.CUDNN_FMA_MATH, 96, 128, 128, 2,
                    MemorySegment.NULL, cudnn.CUDNN_RNN_PADDED_IO_ENABLED));
            MemorySegment[] values = new MemorySegment[14];
            for (int i = 0; i < values.length; i++) {
                values[i] = arena.allocate(Native.C_LONG_LONG);
            }
            check(cudnn.cudnnGetRNNDescriptor_v8(rnn, values[0], values[1], values[2], values[3], values[4],
                    values[5], values[6], values[7], values[8], values[9], values[10], values[11], values[12],
                    values[13]));
            int[] expected = {cudnn.CUDNN_RNN_ALGO_STANDARD, cudnn.CUDNN_LSTM, cudnn.CUDNN_RNN_SINGLE_INP_BIAS,
                cudnn.CUDNN_UNIDIRECTIONAL, cudnn.CUDNN_LINEAR_INPUT, cudnn.CUDNN_DATA_FLOAT,
                cudnn.CUDNN_DATA_FLOAT, cudnn.CUDNN_FMA_MATH, 96, 128, 128, 2};
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i], values[i].get(Native.C_INT, 0), "value " + i);
            }
            assertEquals(cudnn.CUDNN_RNN_PADDED_IO_ENABLED, values[13].get(Native.C_INT, 0));
            check(cudnn.cudnnDestroyRNNDescriptor(rnn));
        }
    }

    @Test
    void rnnDataDescriptorKeepsItsValues() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = create(arena, cudnn::cudnnCreateRNNDataDescriptor);
            MemorySegment padding = arena.allocateFrom(ValueLayout.JAVA_FLOAT, -1f);
            check(cudnn.cudnnSetRNNDataDescriptor(data, cudnn.CUDNN_DATA_FLOAT,
                    cudnn.CUDNN_RNN_DATA_LAYOUT_BATCH_MAJOR_UNPACKED, 33, 3, 96, ints(arena, 33, 1, 7), padding));
            MemorySegment[] values = new MemorySegment[5];
            for (int i = 0; i < values.length; i++) {
                values[i] = arena.allocate(Native.C_INT);
            }
            MemorySegment lengths = arena.allocate(Native.C_INT, 3);
            MemorySegment fill = arena.allocate(ValueLayout.JAVA_FLOAT);
            check(cudnn.cudnnGetRNNDataDescriptor(data, values[0], values[1], values[2], values[3], values[4], 3,
                    lengths, fill));
            int[] expected = {cudnn.CUDNN_DATA_FLOAT, cudnn.CUDNN_RNN_DATA_LAYOUT_BATCH_MAJOR_UNPACKED, 33, 3, 96};
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i], values[i].get(Native.C_INT, 0), "value " + i);
            }
            assertArrayEquals(new int[] {33, 1, 7}, ints(lengths, 3));
            assertEquals(-1f, fill.get(ValueLayout.JAVA_FLOAT, 0));
            check(cudnn.cudnnDestroyRNNDataDescriptor(data));
        }
    }

    @Test
    void backendTensorIsFinalizedAndKeepsItsAttributes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment tensor = create(arena,
                    out -> cudnn.cudnnBackendCreateDescriptor(cudnn.CUDNN_BACKEND_TENSOR_DESCRIPTOR, out));
            set(tensor, cudnn.CUDNN_ATTR_TENSOR_DATA_TYPE, cudnn.CUDNN_TYPE_DATA_TYPE, 1,
                    ints(arena, cudnn.CUDNN_DATA_HALF));
            set(tensor, cudnn.CUDNN_ATTR_TENSOR_DIMENSIONS, cudnn.CUDNN_TYPE_INT64, 3,
                    arena.allocateFrom(ValueLayout.JAVA_LONG, 4, 31, 64));
            set(tensor, cudnn.CUDNN_ATTR_TENSOR_STRIDES, cudnn.CUDNN_TYPE_INT64, 3,
                    arena.allocateFrom(ValueLayout.JAVA_LONG, 31 * 64, 64, 1));
            set(tensor, cudnn.CUDNN_ATTR_TENSOR_UNIQUE_ID, cudnn.CUDNN_TYPE_INT64, 1,
                    arena.allocateFrom(ValueLayout.JAVA_LONG, 4711));
            assertEquals("CUDNN_STATUS_BAD_PARAM",
                    name(cudnn.cudnnBackendFinalize(tensor)), "the alignment is missing");
            set(tensor, cudnn.CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, cudnn.CUDNN_TYPE_INT64, 1,
                    arena.allocateFrom(ValueLayout.JAVA_LONG, 16));
            check(cudnn.cudnnBackendFinalize(tensor));

            assertArrayEquals(new long[] {4, 31, 64}, longs(tensor, cudnn.CUDNN_ATTR_TENSOR_DIMENSIONS, 3, arena));
            assertArrayEquals(new long[] {31 * 64, 64, 1}, longs(tensor, cudnn.CUDNN_ATTR_TENSOR_STRIDES, 3, arena));
            assertArrayEquals(new long[] {4711}, longs(tensor, cudnn.CUDNN_ATTR_TENSOR_UNIQUE_ID, 1, arena));
            MemorySegment type = arena.allocate(Native.C_INT);
            check(cudnn.cudnnBackendGetAttribute(tensor, cudnn.CUDNN_ATTR_TENSOR_DATA_TYPE,
                    cudnn.CUDNN_TYPE_DATA_TYPE, 1, MemorySegment.NULL, type));
            assertEquals(cudnn.CUDNN_DATA_HALF, type.get(Native.C_INT, 0));
            check(cudnn.cudnnBackendDestroyDescriptor(tensor));
        }
    }

    @Test
    void handleNeedsAGpu() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(Native.C_POINTER);
            int status = cudnn.cudnnCreate(out);
            if (NvidiaLibraries.hasGpu()) {
                check(status);
                check(cudnn.cudnnDestroy(out.get(Native.C_POINTER, 0)));
            } else {
                assertEquals("CUDNN_STATUS_NOT_INITIALIZED", name(status));
            }
        }
    }

    private interface Constructor {
        int status(MemorySegment out);
    }

    private static MemorySegment create(Arena arena, Constructor constructor) {
        MemorySegment out = arena.allocate(Native.C_POINTER);
        check(constructor.status(out));
        MemorySegment created = out.get(Native.C_POINTER, 0);
        assertNotEquals(MemorySegment.NULL, created);
        return created;
    }

    private static void set(MemorySegment descriptor, int attribute, int type, long count, MemorySegment values) {
        check(cudnn.cudnnBackendSetAttribute(descriptor, attribute, type, count, values));
    }

    private static long[] longs(MemorySegment descriptor, int attribute, int count, Arena arena) {
        MemorySegment found = arena.allocate(Native.C_LONG_LONG);
        MemorySegment values = arena.allocate(ValueLayout.JAVA_LONG, count);
        check(cudnn.cudnnBackendGetAttribute(descriptor, attribute, cudnn.CUDNN_TYPE_INT64, count, found, values));
        assertEquals(count, found.get(Native.C_LONG_LONG, 0));
        return values.toArray(ValueLayout.JAVA_LONG);
    }

    private static MemorySegment ints(Arena arena, int... values) {
        return arena.allocateFrom(ValueLayout.JAVA_INT, values);
    }

    private static int[] ints(MemorySegment values, int count) {
        return values.asSlice(0, (long) count * Integer.BYTES).toArray(ValueLayout.JAVA_INT);
    }

    private static String name(int status) {
        return cudnn.cudnnGetErrorString(status).getString(0);
    }

    private static void check(int status) {
        assertEquals("CUDNN_STATUS_SUCCESS", name(status));
    }
}
