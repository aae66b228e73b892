package dev.culebra.runtime.cuda;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import dev.culebra.runtime.OwnedParts;
import dev.culebra.runtime.driver.DeviceSlice;
import dev.culebra.runtime.driver.Event;
import dev.culebra.runtime.driver.PinnedMemory;
import dev.culebra.runtime.driver.Stream;

/**
 * Small writes that wait for nothing: they go through pinned memory, of which there is enough for the host to be some steps
 * ahead of the device. Larger ones wait. It owns the pinned memory.
 */
final class Staging implements AutoCloseable {
    /** The token ids of 64 sequences of 256. */
    private static final int SLOT_BYTES = 64 << 10;
    /** A step writes four times. */
    private static final int SLOTS = 32;

    private final OwnedParts owned = new OwnedParts();
    private final Stream stream;
    private final PinnedMemory memory;
    private final List<Event> copied = new ArrayList<>();
    private int next;

    Staging(Stream stream) {
        this.stream = stream;
        try {
            memory = owned.own(PinnedMemory.allocate(stream.context(), (long) SLOTS * SLOT_BYTES));
            for (int slot = 0; slot < SLOTS; slot++) {
                copied.add(owned.own(Event.create(stream.context())));
            }
        } catch (Throwable failure) {
            owned.closeAfter(failure);
            throw failure;
        }
    }

    /** Queues a copy to the start of a region; the host memory may be changed as soon as this returns. */
    void write(MemorySegment source, DeviceSlice target) {
        if (source.byteSize() > SLOT_BYTES) {
            target.write(source, stream);
            return;
        }
        int slot = next;
        next = (next + 1) % SLOTS;
        Event event = copied.get(slot);
        event.synchronize();
        long offset = (long) slot * SLOT_BYTES;
        MemorySegment.copy(source, 0, memory.segment(), offset, source.byteSize());
        target.copyFrom(memory, offset, source.byteSize(), stream);
        event.record(stream);
    }

    /** Frees the pinned memory, after waiting for the copies. */
    @Override
    public void close() {
        owned.close();
    }
}
