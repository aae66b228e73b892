package dev.culebra.runtime;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TensorTest {
    @ParameterizedTest
    @EnumSource
    void holdsWhatWasSetRoundedToItsType(DataType type) {
        double[] values = {0, 1, -3, 255, -0.1, 1e-3};
        double[] expected = switch (type) {
            case F64 -> values;
            case F32 -> new double[] {0, 1, -3, 255, -0.1f, 1e-3f};
            case BF16 -> new double[] {0, 1, -3, 255, -0x1.9ap-4, 0x1.06p-10};
            case I32 -> new double[] {0, 1, -3, 255, 0, 0};
        };
        Tensor tensor = heap(type, 2, 3);
        tensor.set(values);
        assertArrayEquals(expected, tensor.toDoubles());
        float[] floats = {0, 1, -3, 255, -0.5f, 0.25f};
        tensor.set(floats);
        float[] read = tensor.toFloats();
        assertArrayEquals(type == DataType.I32 ? new float[] {0, 1, -3, 255, 0, 0} : floats, read);
    }

    @Test
    void integersPassUnchanged() {
        Tensor tensor = heap(DataType.I32, 3);
        tensor.set(new int[] {Integer.MIN_VALUE, 16_777_217, Integer.MAX_VALUE});
        assertArrayEquals(new int[] {Integer.MIN_VALUE, 16_777_217, Integer.MAX_VALUE}, tensor.toInts());
        Tensor other = heap(DataType.F32, 3);
        assertThrows(IllegalStateException.class, other::toInts);
        assertThrows(IllegalStateException.class, () -> other.set(new int[3]));
    }

    @Test
    void viewsShareTheMemory() {
        Tensor whole = heap(DataType.F32, 4, 3);
        Tensor row = whole.view(6, Shape.of(3));
        row.set(7, 8, 9);
        assertArrayEquals(new double[] {0, 0, 0, 0, 0, 0, 7, 8, 9, 0, 0, 0}, whole.toDoubles());
        Tensor element = row.view(1, Shape.of(1));
        assertEquals(7 * 4, element.byteOffset());
        assertArrayEquals(new double[] {8}, element.toDoubles());
        Tensor reshaped = whole.reshape(2, 6);
        assertEquals(Shape.of(2, 6), reshaped.shape());
        assertArrayEquals(whole.toDoubles(), reshaped.toDoubles());
        row.clear();
        assertArrayEquals(new double[12], whole.toDoubles());
    }

    @Test
    void refusesWhatDoesNotFit() {
        Tensor tensor = heap(DataType.F32, 4, 3);
        assertThrows(IllegalArgumentException.class, () -> tensor.view(10, Shape.of(3)));
        assertThrows(IllegalArgumentException.class, () -> tensor.view(-1, Shape.of(3)));
        assertThrows(IllegalArgumentException.class, () -> tensor.reshape(5, 2));
        assertThrows(IllegalArgumentException.class, () -> tensor.set(1, 2, 3));
        assertThrows(IllegalArgumentException.class,
                () -> new Tensor(HostStorage.allocateHeap(12), 0, DataType.F32, Shape.of(4)));
    }

    @Test
    void everyWriteIsCounted() {
        Tensor tensor = heap(DataType.F64, 2);
        long version = tensor.storage().version();
        tensor.set(1, 2);
        tensor.set(new float[] {1, 2});
        tensor.clear();
        assertEquals(version + 3, tensor.storage().version());
    }

    @Test
    void nativeMemoryIsZeroedAlignedAndGoneWhenClosed() {
        HostStorage storage = HostStorage.allocateNative(100);
        Tensor tensor = new Tensor(storage, 0, DataType.F32, Shape.of(25));
        assertEquals(100, storage.bytes());
        assertEquals(0, tensor.address() % 64);
        assertArrayEquals(new float[25], tensor.toFloats());
        storage.close();
        storage.close();
        assertThrows(IllegalStateException.class, tensor::toFloats);
        assertThrows(IllegalStateException.class, tensor::address);
    }

    @Test
    void addressesOfViewsLieWhereTheirElementsDo() {
        try (HostStorage storage = HostStorage.allocateNative(256)) {
            Tensor tensor = new Tensor(storage, 64, DataType.BF16, Shape.of(8, 4));
            assertEquals(tensor.address() + 8, tensor.view(4, Shape.of(4)).address());
            assertEquals(64, tensor.segment().byteSize());
            assertEquals(storage.segment().address() + 64, tensor.address());
        }
    }

    @Test
    void tooMuchMemorySaysHowMuchAndWhatWouldHelp() {
        String ofMachine = assertThrows(OutOfMemoryError.class, () -> HostStorage.allocateNative(1L << 60))
                .getMessage();
        assertTrue(ofMachine.startsWith("1152921504606846976 bytes are too many for this machine"), ofMachine);
        String ofHeap = assertThrows(OutOfMemoryError.class, () -> HostStorage.allocateHeap(1L << 60)).getMessage();
        assertTrue(ofHeap.startsWith("1152921504606846976 bytes are too many for a Java heap with "), ofHeap);
    }

    private static Tensor heap(DataType type, int... sizes) {
        Shape shape = Shape.of(sizes);
        return new Tensor(HostStorage.allocateHeap(shape.elements() * type.bytes()), 0, type, shape);
    }
}
