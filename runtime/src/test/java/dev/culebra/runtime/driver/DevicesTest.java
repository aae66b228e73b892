package dev.culebra.runtime.driver;

import java.lang.foreign.MemorySegment;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What belongs to one device is not used on another; each has its own context, current when it is needed. */
class DevicesTest extends OnDevice {
    @BeforeEach
    void second() {
        assumeTrue(Device.count() > 1, "skipped: there is one device");
    }

    @Test
    void whatBelongsToOneDeviceIsRefusedByAnother() {
        try (Context other = Context.of(Device.of(1));
                Stream otherStream = Stream.create(other);
                Event otherEvent = Event.withTiming(other);
                Event event = Event.withTiming(context);
                DeviceMemory memory = memory(1);
                CudaGraph graph = stream.capture(() -> memory.clear(stream));
                ExecutableGraph executable = graph.instantiate()) {
            String message = assertThrows(IllegalArgumentException.class, () -> memory.clear(otherStream)).getMessage();
            assertEquals("the memory belongs to device 0, not to device 1", message);
            assertThrows(IllegalArgumentException.class, () -> pool.allocate(4, otherStream));
            assertThrows(IllegalArgumentException.class, () -> event.record(otherStream));
            assertThrows(IllegalArgumentException.class, () -> stream.waitFor(otherEvent));
            assertThrows(IllegalArgumentException.class, () -> event.millisecondsSince(otherEvent));
            assertThrows(IllegalArgumentException.class, () -> executable.launch(otherStream));
        }
    }

    @Test
    void oneThreadWorksOnBothByTurns() {
        try (Context other = Context.of(Device.of(1));
                Stream otherStream = Stream.create(other);
                MemoryPool otherPool = MemoryPool.create(other, 0);
                DeviceMemory otherMemory = otherPool.allocate(8, otherStream);
                DeviceMemory memory = memory(0, 0)) {
            for (float value = 1; value < 4; value++) {
                memory.fill(value, stream);
                otherMemory.fill(-value, otherStream);
                float[] read = new float[2];
                otherMemory.read(MemorySegment.ofArray(read), otherStream);
                assertArrayEquals(new float[] {-value, -value}, read);
                assertArrayEquals(new float[] {value, value}, floats(memory));
            }
        }
    }
}
