package dev.culebra.runtime.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DeviceMemoryTest extends OnDevice {
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 31, 33, 257, 100_003})
    void whatIsWrittenIsReadBack(int bytes) {
        byte[] values = numbered(bytes);
        try (DeviceMemory memory = pool.allocate(bytes, stream); Arena arena = Arena.ofConfined()) {
            assertEquals(0, memory.address() % 256);
            memory.write(MemorySegment.ofArray(values), stream);
            assertArrayEquals(values, bytes(memory));
            MemorySegment host = arena.allocate(bytes);
            memory.read(host, stream);
            assertArrayEquals(values, host.toArray(ValueLayout.JAVA_BYTE));
            memory.clear(stream);
            memory.write(host, stream);
            assertArrayEquals(values, bytes(memory));
        }
    }

    @Test
    void pinnedMemoryIsCopiedInTheOrderOfTheStream() {
        try (PinnedMemory source = PinnedMemory.allocate(context, 8);
                PinnedMemory destination = PinnedMemory.allocate(context, 8);
                DeviceMemory memory = pool.allocate(8, stream);
                DeviceMemory copy = pool.allocate(8, stream)) {
            source.segment().copyFrom(MemorySegment.ofArray(numbered(8)));
            destination.segment().fill((byte) 9);
            memory.copyFrom(source, stream);
            copy.clear(stream);
            copy.slice(1, 7).copyFrom(memory.slice(0, 7), stream);
            copy.copyTo(destination, stream);
            stream.synchronize();
            assertArrayEquals(new byte[] {0, 0, 1, 2, 3, 4, 5, 6}, bytes(destination));
            memory.slice(4, 4).copyFrom(source, 1, 2, stream);
            memory.slice(4, 4).copyTo(destination, 6, 2, stream);
            stream.synchronize();
            assertArrayEquals(new byte[] {0, 0, 1, 2, 3, 4, 1, 2}, bytes(destination));
        }
    }

    @Test
    void fillsRepeatOneTwoOrFourBytes() {
        try (DeviceMemory memory = pool.allocate(12, stream)) {
            memory.fill((byte) 1, stream);
            assertArrayEquals(new byte[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, bytes(memory));
            memory.slice(2, 6).fill((short) 0x0302, stream);
            assertArrayEquals(new byte[] {1, 1, 2, 3, 2, 3, 2, 3, 1, 1, 1, 1}, bytes(memory));
            memory.slice(4, 8).fill(0x07060504, stream);
            assertArrayEquals(new byte[] {1, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7}, bytes(memory));
            memory.fill(-1.5f, stream);
            assertArrayEquals(new float[] {-1.5f, -1.5f, -1.5f}, floats(memory));
        }
    }

    @Test
    void fillsThatDoNotFitAreRefused() {
        try (DeviceMemory memory = pool.allocate(12, stream)) {
            assertThrows(IllegalArgumentException.class, () -> memory.slice(0, 3).fill((short) 1, stream));
            assertThrows(IllegalArgumentException.class, () -> memory.slice(1, 2).fill((short) 1, stream));
            assertThrows(IllegalArgumentException.class, () -> memory.slice(2, 4).fill(1, stream));
            assertThrows(IllegalArgumentException.class, () -> memory.slice(0, 6).fill(1f, stream));
        }
    }

    @Test
    void nothingIsCopiedPastAnEnd() {
        try (DeviceMemory memory = pool.allocate(8, stream);
                DeviceMemory larger = pool.allocate(9, stream);
                PinnedMemory pinned = PinnedMemory.allocate(context, 9)) {
            assertThrows(IndexOutOfBoundsException.class,
                    () -> memory.write(MemorySegment.ofArray(new byte[9]), stream));
            assertThrows(IndexOutOfBoundsException.class,
                    () -> memory.read(MemorySegment.ofArray(new byte[9]), stream));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.copyFrom(larger, stream));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.copyFrom(pinned, stream));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.copyFrom(pinned, 2, 8, stream));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.copyTo(pinned, 2, 8, stream));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.copyTo(pinned, -1, 8, stream));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.slice(1, 8));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.slice(4, Long.MAX_VALUE));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.slice(0, 4).slice(1, 4));
            MemorySegment readOnly = MemorySegment.ofArray(new byte[4]).asReadOnly();
            assertThrows(IllegalArgumentException.class, () -> memory.read(readOnly, stream));
        }
    }

    @Test
    void librariesAreGivenMemoryThatIsOpenAndLargeEnough() {
        DeviceMemory memory = pool.allocate(12, stream);
        memory.requireUsable("x", 12, stream);
        memory.slice(4, 8).requireUsable("x", 8, stream);
        assertEquals("x takes 9 bytes, but has 8", assertThrows(IllegalArgumentException.class,
                () -> memory.slice(4, 8).requireUsable("x", 9, stream)).getMessage());
        memory.close();
        assertThrows(IllegalStateException.class, () -> memory.requireUsable("x", 0, stream));
    }

    @Test
    void partsOfNothingAreCopiedAndFilledWithoutAsking() {
        try (DeviceMemory memory = memory(1, 2); PinnedMemory pinned = PinnedMemory.allocate(context, 4)) {
            DeviceSlice nothing = memory.slice(8, 0);
            nothing.fill((byte) 1, stream);
            nothing.fill((short) 1, stream);
            nothing.fill(1, stream);
            nothing.copyFrom(memory.slice(4, 0), stream);
            nothing.copyFrom(pinned, 4, 0, stream);
            nothing.copyTo(pinned, 4, 0, stream);
            nothing.write(MemorySegment.ofArray(new byte[0]), stream);
            nothing.read(MemorySegment.ofArray(new byte[0]), stream);
            assertArrayEquals(new float[] {1, 2}, floats(memory));
        }
    }

    @Test
    void copyOntoItselfIsRefused() {
        try (DeviceMemory memory = memory(1, 2, 3)) {
            assertThrows(IllegalArgumentException.class, () -> memory.copyFrom(memory, stream));
            assertThrows(IllegalArgumentException.class,
                    () -> memory.slice(4, 8).copyFrom(memory.slice(0, 8), stream));
            memory.slice(4, 4).copyFrom(memory.slice(0, 4), stream);
            assertArrayEquals(new float[] {1, 1, 3}, floats(memory));
        }
    }

    @Test
    void freedMemoryIsNotUsedNorAreItsSlices() {
        DeviceMemory memory = memory(1, 2, 3);
        DeviceSlice slice = memory.slice(4, 8).slice(0, 4);
        assertEquals(memory.address() + 4, slice.address());
        assertArrayEquals(new float[] {2}, floats(slice));
        memory.close();
        memory.close();
        assertThrows(IllegalStateException.class, memory::address);
        assertThrows(IllegalStateException.class, slice::address);
        assertThrows(IllegalStateException.class, () -> slice.slice(0, 1));
        assertThrows(IllegalStateException.class, () -> memory.clear(stream));
        assertThrows(IllegalStateException.class, () -> slice.fill(1, stream));
        assertThrows(IllegalStateException.class, () -> floats(memory));
        assertTrue(slice.toString().endsWith("freed"), slice.toString());
    }

    @Test
    void streamAndPoolStayOpenUntilTheirMemoryIsFreed() {
        try (Stream other = Stream.create(context)) {
            DeviceMemory memory = pool.allocate(1, other);
            assertThrows(IllegalStateException.class, other::close);
            assertThrows(IllegalStateException.class, pool::close);
            memory.close();
        }
    }

    @Test
    void poolSaysWhatIsInUseAndWhatWas() {
        long megabyte = 1 << 20;
        MemoryPoolUsage before = pool.usage();
        assertEquals(0, before.used());
        DeviceMemory first = pool.allocate(megabyte, stream);
        DeviceMemory second = pool.allocate(2 * megabyte, stream);
        second.close();
        stream.synchronize();
        MemoryPoolUsage usage = pool.usage();
        assertEquals(megabyte, usage.used());
        assertEquals(3 * megabyte, usage.usedPeak());
        assertTrue(usage.reserved() >= usage.used());
        assertTrue(usage.reservedPeak() >= 3 * megabyte);
        assertEquals(3 * megabyte, usage.allocated());
        assertEquals(2 * megabyte, usage.released());
        pool.resetPeaks();
        assertEquals(megabyte, pool.usage().usedPeak());
        first.close();
        stream.synchronize();
        pool.trim(0);
        assertEquals(0, pool.usage().used());
        assertEquals(0, pool.usage().reserved());
    }

    @Test
    void poolKeepsFreedMemoryUpToItsThreshold() {
        try (MemoryPool keeping = MemoryPool.create(context, MemoryPool.KEEP_ALL)) {
            keeping.allocate(1 << 20, stream).close();
            stream.synchronize();
            assertTrue(keeping.usage().reserved() >= 1 << 20);
            keeping.trim(0);
            assertEquals(0, keeping.usage().reserved());
        }
    }

    @Test
    void defaultPoolOutlivesItsOwner() {
        try (MemoryPool shared = MemoryPool.ofDevice(context); DeviceMemory memory = shared.allocate(4, stream)) {
            memory.fill(3, stream);
            assertArrayEquals(new byte[] {3, 0, 0, 0}, bytes(memory));
        }
        try (MemoryPool again = MemoryPool.ofDevice(context)) {
            again.usage();
        }
    }

    @Test
    void allocationOfNothingIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> pool.allocate(0, stream));
        assertThrows(IllegalArgumentException.class, () -> pool.allocate(-1, stream));
        assertThrows(IllegalArgumentException.class, () -> PinnedMemory.allocate(context, 0));
        assertThrows(IllegalArgumentException.class, () -> MemoryPool.create(context, -1));
        assertThrows(IllegalArgumentException.class, () -> pool.trim(-1));
    }

    @Test
    void outOfMemorySaysHowMuchWasAskedForAndIsFree() {
        long tooMuch = 4 * context.device().totalMemory();
        try (DeviceMemory some = pool.allocate(1 << 20, stream)) {
            CudaOutOfMemoryException failure = assertThrows(CudaOutOfMemoryException.class,
                    () -> pool.allocate(tooMuch, stream));
            assertEquals(2, failure.status());
            assertEquals("CUDA_ERROR_OUT_OF_MEMORY", failure.name().orElseThrow());
            assertEquals(tooMuch, failure.requested().orElseThrow());
            assertTrue(failure.reserved().orElseThrow() >= some.bytes());
            assertTrue(failure.free().orElseThrow() <= failure.total().orElseThrow());
            String message = failure.getMessage();
            assertTrue(message.startsWith("CUDA_ERROR_OUT_OF_MEMORY (2) from cuMemAllocFromPoolAsync: "), message);
            assertTrue(message.contains(tooMuch + " bytes were asked for"), message);
            assertTrue(message.contains("--batch-size"), message);
            assertFalse(failure.isSticky());
            some.clear(stream);
            stream.synchronize();
        }
        assertEquals(1 << 20, pool.usage().allocated());
    }

    /** 0, 1, 2 and so on. */
    private static byte[] numbered(int bytes) {
        byte[] values = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            values[i] = (byte) i;
        }
        return values;
    }
}
