package dev.culebra.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory that Java can read and write directly: off the heap for native libraries, or a Java array. */
public final class HostStorage extends Storage {
    private final Runnable release;
    private MemorySegment segment;

    private HostStorage(MemorySegment segment, Runnable release) {
        this.segment = segment;
        this.release = release;
    }

    /** Zeroed native memory, aligned to 64 bytes; this storage owns it. */
    public static HostStorage allocateNative(long bytes) {
        Arena arena = Arena.ofShared();
        return new HostStorage(arena.allocate(Math.max(bytes, 1), 64).asSlice(0, bytes), arena::close);
    }

    /** Zeroed memory on the Java heap. */
    public static HostStorage allocateHeap(long bytes) {
        long[] words = new long[Math.toIntExact((bytes + 7) / 8)];
        return new HostStorage(MemorySegment.ofArray(words).asSlice(0, bytes), () -> {});
    }

    @Override
    public long bytes() {
        return segment().byteSize();
    }

    @Override
    public void write(long offset, MemorySegment host) {
        MemorySegment.copy(host, 0, segment(), offset, host.byteSize());
    }

    @Override
    public void read(long offset, MemorySegment host) {
        MemorySegment.copy(segment(), offset, host, 0, host.byteSize());
    }

    @Override
    public void clear(long offset, long count) {
        segment().asSlice(offset, count).fill((byte) 0);
    }

    @Override
    public MemorySegment segment() {
        if (segment == MemorySegment.NULL) {
            throw new IllegalStateException("this memory has been freed");
        }
        return segment;
    }

    @Override
    public void close() {
        if (segment != MemorySegment.NULL) {
            segment = MemorySegment.NULL;
            release.run();
        }
    }
}
