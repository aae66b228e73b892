package dev.culebra.runtime.nccl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;

import dev.culebra.bindings.nccl.nccl;
import dev.culebra.bindings.nccl.ncclUniqueId;

/** What the members of a communicator agree on: one makes it, and all pass it to {@link Communicator#join}. Immutable. */
public final class UniqueId {
    private final byte[] bytes;

    private UniqueId(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * A new one. The process that makes it must live until all members have joined.
     *
     * @throws NcclException if there is no network interface to meet on
     */
    public static UniqueId create() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment id = ncclUniqueId.allocate(arena);
            Nccl.check("ncclGetUniqueId", nccl.ncclGetUniqueId(id));
            return new UniqueId(id.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /**
     * One that another process made.
     *
     * @param bytes what its {@link #toBytes} returned
     */
    public static UniqueId of(byte[] bytes) {
        if (bytes.length != ncclUniqueId.sizeof()) {
            throw new IllegalArgumentException("an id has " + ncclUniqueId.sizeof() + " bytes, not " + bytes.length);
        }
        return new UniqueId(bytes.clone());
    }

    /** Its 128 bytes, to be sent to the other members. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /** The C struct. */
    MemorySegment toStruct(SegmentAllocator allocator) {
        return allocator.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
    }
}
