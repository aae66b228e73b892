package dev.culebra.runtime.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.cuda.cuda;
import dev.culebra.runtime.NativeObject;

/**
 * Page-locked memory of the host: the device reads and writes it while Java goes on. Java sees it through a
 * {@link MemorySegment} that throws after this object is closed. Any thread may use it.
 *
 * <p>The driver is slow to allocate it and the machine has little to lock: allocate a few buffers once.
 *
 * <p>Source: https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__MEM.html, {@code cuMemHostAlloc}.
 */
public final class PinnedMemory extends NativeObject {
    /** What pinned memory can do beside being copied. */
    public enum Flag {
        /** It is pinned for all contexts of the process, not only its own. */
        PORTABLE(cuda.CU_MEMHOSTALLOC_PORTABLE),
        /** Kernels reach it by {@link PinnedMemory#deviceAddress}. */
        MAPPED(cuda.CU_MEMHOSTALLOC_DEVICEMAP),
        /** The host writes it past its caches: faster to send, very slow to read back. */
        WRITE_COMBINED(cuda.CU_MEMHOSTALLOC_WRITECOMBINED);

        private final int bit;

        Flag(int bit) {
            this.bit = bit;
        }
    }

    private final Context context;
    private final Set<Flag> flags;
    private final Arena arena;
    private final MemorySegment segment;
    private final UsingStreams users = new UsingStreams();

    private PinnedMemory(Context context, long bytes, Set<Flag> flags) {
        super(() -> create(context, bytes, flags), bytes, context);
        this.context = context;
        this.flags = flags;
        arena = Arena.ofShared();
        segment = Native.memory(handle(), bytes, arena);
    }

    /**
     * Allocates pinned memory.
     *
     * @param bytes at least 1
     * @return the memory, the caller's to close; what it contains is undefined
     * @throws CudaOutOfMemoryException if the host cannot pin so much
     * @throws IllegalStateException in a thread that captures
     */
    public static PinnedMemory allocate(Context context, long bytes, Flag... flags) {
        if (bytes < 1) {
            throw new IllegalArgumentException("an allocation has at least 1 byte, not " + bytes);
        }
        Capture.forbid("allocating pinned memory");
        Set<Flag> wanted = EnumSet.noneOf(Flag.class);
        wanted.addAll(Arrays.asList(flags));
        return new PinnedMemory(context, bytes, wanted);
    }

    private static MemorySegment create(Context context, long bytes, Set<Flag> flags) {
        int bits = flags.stream().mapToInt(flag -> flag.bit).sum();
        context.makeCurrent();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(Native.C_POINTER);
            CudaDriver.checkPinned("cuMemHostAlloc", cuda.cuMemHostAlloc(out, bytes, bits), bytes);
            return MemorySegment.ofAddress(out.get(Native.C_POINTER, 0).address());
        }
    }

    /** How many bytes it has. */
    public long bytes() {
        return segment.byteSize();
    }

    /**
     * The memory, for Java to read and write. It throws {@link IllegalStateException} when used after this object is closed.
     * What the device writes into it is there once the stream has been waited for.
     */
    public MemorySegment segment() {
        handle();
        return segment;
    }

    /**
     * Where kernels find it.
     *
     * @throws IllegalStateException if it is not {@link Flag#MAPPED}
     */
    public long deviceAddress() {
        if (!flags.contains(Flag.MAPPED)) {
            throw new IllegalStateException("this pinned memory was not allocated as " + Flag.MAPPED);
        }
        context.makeCurrent();
        return CudaDriver.getLong("cuMemHostGetDevicePointer_v2",
                out -> cuda.cuMemHostGetDevicePointer_v2(out, handle(), 0));
    }

    /** The context it belongs to. */
    public Context context() {
        return context;
    }

    long address() {
        return handle().address();
    }

    /** The streams whose work uses this memory. */
    UsingStreams users() {
        return users;
    }

    /**
     * Frees the memory, after waiting for the streams that copy it; a second call does nothing. Kernels that use
     * {@link #deviceAddress} must have ended.
     *
     * @throws IllegalStateException if a graph that uses it is still open, a stream that copied it is being captured, or in a
     *     thread that captures; it stays open then
     */
    @Override
    public void close() {
        if (isOpen()) {
            Capture.forbid("freeing pinned memory");
            users.requireNoCapture("freeing pinned memory that was copied");
        }
        super.close();
    }

    @Override
    protected void destroy(MemorySegment handle) {
        context.makeCurrentToDestroy();
        int waited = users.await();
        arena.close();
        context.checkDestroyed("cuMemFreeHost", cuda.cuMemFreeHost(handle));
        context.checkDestroyed("cuStreamSynchronize", waited);
    }
}
