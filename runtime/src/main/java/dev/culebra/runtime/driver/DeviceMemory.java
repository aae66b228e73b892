package dev.culebra.runtime.driver;

import java.lang.foreign.MemorySegment;

import dev.culebra.bindings.cuda.cuda;
import dev.culebra.runtime.NativeObject;

/**
 * Memory of the device that this object owns, from a {@link MemoryPool}. It begins to exist where the stream it was
 * allocated on stood then, and closing it frees it in that stream's order: work queued there before may still use it,
 * nothing has to wait. Other streams that use it must wait for an event behind the allocation, and the stream must wait for
 * theirs before the memory is closed.
 *
 * <p>Its contents are what was there before. Its address is a multiple of 256.
 *
 * <p>Source: https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__MALLOC__ASYNC.html.
 */
public final class DeviceMemory extends NativeObject implements DeviceRegion {
    private final MemoryPool pool;
    private final Stream stream;
    private final long bytes;

    DeviceMemory(MemoryPool pool, Stream stream, long bytes) {
        super(() -> pool.allocateAddress(bytes, stream), bytes, pool, stream);
        this.pool = pool;
        this.stream = stream;
        this.bytes = bytes;
    }

    @Override
    public long address() {
        return handle().address();
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public Context context() {
        return pool.context();
    }

    @Override
    public NativeObject owner() {
        return this;
    }

    /**
     * Frees the memory in the order of the stream it was allocated on; a second call does nothing.
     *
     * @throws IllegalStateException if a graph that uses it is still open, or that stream is being captured, which would
     *     make the freeing a part of the graph; it then stays open
     */
    @Override
    public void close() {
        if (isOpen()) {
            stream.requireNoCapture("freeing memory");
        }
        super.close();
    }

    @Override
    protected void destroy(MemorySegment handle) {
        pool.released(bytes);
        context().makeCurrentToDestroy();
        context().checkDestroyed("cuMemFreeAsync", cuda.cuMemFreeAsync(handle.address(), stream.handle()));
    }

    /** Size and place, for people. */
    @Override
    public String toString() {
        return isOpen() ? bytes + " bytes at 0x" + Long.toHexString(address()) : bytes + " bytes, freed";
    }
}
