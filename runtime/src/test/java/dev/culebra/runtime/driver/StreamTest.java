package dev.culebra.runtime.driver;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class StreamTest extends OnDevice {
    @Test
    void streamIsIdleOnceItWasWaitedFor() {
        try (DeviceMemory memory = memory(1)) {
            memory.fill(2f, stream);
            stream.synchronize();
            assertTrue(stream.isIdle());
        }
    }

    @Test
    void priorityIsTheNearestThatTheDeviceHas() {
        try (Stream urgent = Stream.create(context, -1); Stream extreme = Stream.create(context, Integer.MIN_VALUE)) {
            assertEquals(0, stream.priority());
            assertEquals(-1, urgent.priority());
            assertTrue(extreme.priority() <= -1);
        }
    }

    @Test
    void streamWaitsForWhatAnotherDidBeforeAnEvent() {
        try (Stream other = Stream.create(context);
                Event filled = Event.create(context);
                DeviceMemory memory = memory(0, 0);
                DeviceMemory copy = memory(0, 0)) {
            memory.fill(7f, other);
            filled.record(other);
            stream.waitFor(filled);
            copy.copyFrom(memory, stream);
            assertArrayEquals(new float[] {7, 7}, floats(copy));
        }
    }

    @Test
    void eventsMeasureTimeIfMadeForIt() {
        try (Event start = Event.withTiming(context);
                Event end = Event.withTiming(context);
                DeviceMemory memory = pool.allocate(1 << 20, stream)) {
            start.record(stream);
            memory.clear(stream);
            end.record(stream);
            double milliseconds = end.millisecondsSince(start);
            assertTrue(milliseconds >= 0 && milliseconds < 10_000, milliseconds + " ms");
            assertTrue(start.isReached());
            assertTrue(end.isReached());
        }
    }

    @Test
    void timeIsMeasuredAcrossStreamsWhoeverIsLate() {
        try (Stream other = Stream.create(context);
                Event start = Event.withTiming(context);
                Event end = Event.withTiming(context);
                DeviceMemory memory = pool.allocate(1 << 20, stream)) {
            stream.synchronize();
            memory.clear(other);
            start.record(other);
            end.record(stream);
            assertTrue(Math.abs(end.millisecondsSince(start)) < 10_000);
            assertTrue(start.isReached());
        }
    }

    @Test
    void eventWithoutTimingKnowsNoTime() {
        try (Event plain = Event.create(context); Event timing = Event.withTiming(context)) {
            assertTrue(plain.isReached(), "before it is recorded it counts as reached");
            try (Event never = Event.withTiming(context)) {
                timing.record(stream);
                assertEquals("an event that was never recorded has no time",
                        assertThrows(IllegalStateException.class, () -> timing.millisecondsSince(never)).getMessage());
                assertThrows(IllegalStateException.class, () -> never.millisecondsSince(timing));
            }
            plain.record(stream);
            timing.record(stream);
            plain.synchronize();
            assertThrows(IllegalStateException.class, () -> timing.millisecondsSince(plain));
            assertThrows(IllegalStateException.class, () -> plain.millisecondsSince(timing));
        }
    }

    @Test
    void closedStreamsAndEventsAreNotUsed() {
        Stream closedStream = Stream.create(context);
        Event closedEvent = Event.create(context);
        closedStream.close();
        closedStream.close();
        closedEvent.close();
        closedEvent.close();
        assertFalse(closedStream.isOpen());
        try (Event event = Event.create(context); DeviceMemory memory = memory(1)) {
            assertThrows(IllegalStateException.class, closedStream::synchronize);
            assertThrows(IllegalStateException.class, closedStream::isIdle);
            assertThrows(IllegalStateException.class, () -> closedStream.waitFor(event));
            assertThrows(IllegalStateException.class, () -> closedStream.capture(() -> {}));
            assertThrows(IllegalStateException.class, () -> event.record(closedStream));
            assertThrows(IllegalStateException.class, () -> memory.clear(closedStream));
            assertThrows(IllegalStateException.class, () -> pool.allocate(1, closedStream));
            assertThrows(IllegalStateException.class, () -> closedEvent.record(stream));
            assertThrows(IllegalStateException.class, closedEvent::synchronize);
            assertThrows(IllegalStateException.class, closedEvent::isReached);
            assertThrows(IllegalStateException.class, () -> stream.waitFor(closedEvent));
        }
    }
}
