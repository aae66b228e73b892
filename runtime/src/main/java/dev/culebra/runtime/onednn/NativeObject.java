package dev.culebra.runtime.onednn;

import java.lang.foreign.MemorySegment;

/**
 * An object of oneDNN that this Java object owns. Its fields keep what it depends on reachable; closing it twice does
 * nothing; using it after closing throws.
 */
public abstract class NativeObject implements AutoCloseable {
    private MemorySegment handle;

    /** Takes ownership of a handle whose creation has been checked. */
    protected NativeObject(MemorySegment handle) {
        this.handle = handle;
    }

    /**
     * The C handle.
     *
     * @throws IllegalStateException if this object is closed
     */
    public final MemorySegment handle() {
        if (handle.equals(MemorySegment.NULL)) {
            throw new IllegalStateException(getClass().getSimpleName() + " is closed");
        }
        return handle;
    }

    /** Calls the C function that destroys the handle. */
    protected abstract void destroy(MemorySegment handle);

    @Override
    public void close() {
        if (!handle.equals(MemorySegment.NULL)) {
            MemorySegment closing = handle;
            handle = MemorySegment.NULL;
            destroy(closing);
        }
    }
}
