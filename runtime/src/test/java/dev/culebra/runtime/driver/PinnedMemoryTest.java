package dev.culebra.runtime.driver;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.culebra.runtime.standin.StandIn;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class PinnedMemoryTest extends OnDevice {
    @Test
    void javaReadsAndWritesIt() {
        try (PinnedMemory memory = PinnedMemory.allocate(context, 33)) {
            assertEquals(33, memory.bytes());
            memory.segment().set(ValueLayout.JAVA_BYTE, 32, (byte) 5);
            assertEquals(5, memory.segment().get(ValueLayout.JAVA_BYTE, 32));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.segment().get(ValueLayout.JAVA_BYTE, 33));
        }
    }

    @Test
    void segmentThrowsAfterCloseWhereverItWentMeanwhile() {
        PinnedMemory memory = PinnedMemory.allocate(context, 64);
        MemorySegment segment = memory.segment();
        MemorySegment part = segment.asSlice(8, 8);
        memory.close();
        memory.close();
        assertThrows(IllegalStateException.class, () -> segment.get(ValueLayout.JAVA_BYTE, 0));
        assertThrows(IllegalStateException.class, () -> part.set(ValueLayout.JAVA_LONG, 0, 1));
        assertThrows(IllegalStateException.class, memory::segment);
        try (DeviceMemory device = pool.allocate(64, stream)) {
            assertThrows(IllegalStateException.class, () -> device.copyFrom(memory, stream));
            assertThrows(IllegalStateException.class, () -> device.copyTo(memory, stream));
            assertThrows(IllegalStateException.class, () -> device.write(segment, stream));
        }
    }

    @Test
    void itIsFreedOnlyWhenTheStreamsHaveCopiedIt() {
        for (int seed = 0; seed < 8; seed++) {
            StandIn.seed(seed);
            try (DeviceMemory memory = memory(0);
                    Stream closing = Stream.create(context);
                    Event allocated = Event.create(context)) {
                PinnedMemory staging = PinnedMemory.allocate(context, 4);
                staging.segment().set(ValueLayout.JAVA_FLOAT, 0, 7);
                allocated.record(stream);
                closing.waitFor(allocated);
                memory.copyFrom(staging, closing);
                staging.close();
                closing.synchronize();
                assertArrayEquals(new float[] {7}, floats(memory));
            }
        }
    }

    @Test
    void mappedMemoryHasAnAddressForKernels() {
        try (PinnedMemory mapped = PinnedMemory.allocate(context, 8, PinnedMemory.Flag.MAPPED,
                PinnedMemory.Flag.PORTABLE);
                PinnedMemory plain = PinnedMemory.allocate(context, 8, PinnedMemory.Flag.WRITE_COMBINED)) {
            assertTrue(mapped.deviceAddress() != 0);
            assertThrows(IllegalStateException.class, plain::deviceAddress);
        }
    }

    @Test
    void hostThatCannotPinSoMuchSaysHowMuchWasAskedFor() {
        assumeTrue(StandIn.isActive(), "skipped: a real host may lock all its memory over this");
        StandIn.failNext("cuMemHostAlloc", 2, 0);
        CudaOutOfMemoryException failure = assertThrows(CudaOutOfMemoryException.class,
                () -> PinnedMemory.allocate(context, 1 << 20));
        assertEquals(1 << 20, failure.requested().orElseThrow());
        assertTrue(failure.reserved().isEmpty());
        assertTrue(failure.getMessage().contains("ulimit -l"), failure.getMessage());
    }
}
