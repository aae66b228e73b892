package dev.culebra.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/** Memory that Java can read and write directly: off the heap for native libraries, or a Java array. */
public final class HostStorage extends Storage {
    /** So much is asked for only if the system says that it is there: it would give it, and end a process that used it. */
    private static final long LARGE = 1 << 26;

    private final Runnable release;
    private MemorySegment segment;

    private HostStorage(MemorySegment segment, Runnable release) {
        this.segment = segment;
        this.release = release;
    }

    /**
     * Zeroed native memory, aligned to 64 bytes; this storage owns it.
     *
     * @throws OutOfMemoryError with the number of bytes and what would help
     */
    public static HostStorage allocateNative(long bytes) {
        return allocateNative(bytes, _ -> {});
    }

    /**
     * The same for someone who keeps count.
     *
     * @param count is told {@code bytes} now and {@code -bytes} when they are freed
     */
    public static HostStorage allocateNative(long bytes, LongConsumer count) {
        if (bytes >= LARGE && bytes > availableBytes()) {
            throw tooManyForThisMachine(bytes);
        }
        Arena arena = Arena.ofShared();
        try {
            MemorySegment memory = arena.allocate(Math.max(bytes, 1), 64).asSlice(0, bytes);
            count.accept(bytes);
            return new HostStorage(memory, () -> {
                arena.close();
                count.accept(-bytes);
            });
        } catch (OutOfMemoryError e) {
            arena.close();
            OutOfMemoryError error = tooManyForThisMachine(bytes);
            error.initCause(e);
            throw error;
        }
    }

    /**
     * Zeroed memory on the Java heap.
     *
     * @throws OutOfMemoryError with the number of bytes and what would help
     */
    public static HostStorage allocateHeap(long bytes) {
        try {
            long[] words = new long[Math.toIntExact(Math.ceilDiv(bytes, Long.BYTES))];
            return new HostStorage(MemorySegment.ofArray(words).asSlice(0, bytes), () -> {});
        } catch (OutOfMemoryError | ArithmeticException e) {
            Runtime java = Runtime.getRuntime();
            long free = java.maxMemory() - java.totalMemory() + java.freeMemory();
            OutOfMemoryError error = outOfMemory(bytes, "a Java heap with " + free + " bytes left",
                    "use a smaller model, or --device cpu, or a larger -Xmx");
            error.initCause(e);
            throw error;
        }
    }

    private static long availableBytes() {
        return HostMemory.availableBytes().orElse(Long.MAX_VALUE);
    }

    private static OutOfMemoryError tooManyForThisMachine(long bytes) {
        OptionalLong available = HostMemory.availableBytes();
        return outOfMemory(bytes,
                "this machine" + (available.isPresent() ? " with " + available.getAsLong() + " bytes left" : ""),
                "use a smaller --batch-size, or close other programs");
    }

    private static OutOfMemoryError outOfMemory(long bytes, String where, String help) {
        return new OutOfMemoryError(bytes + " bytes are too many for " + where + ": " + help);
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
    public void fill(long offset, long count, byte value) {
        segment().asSlice(offset, count).fill(value);
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
