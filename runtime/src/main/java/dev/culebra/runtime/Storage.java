package dev.culebra.runtime;

import java.lang.foreign.MemorySegment;

/**
 * A block of a backend's memory that tensors are views of.
 *
 * <p>It counts its modifications: an operation that keeps a packed or converted copy of a weight compares
 * {@link #version()} and renews the copy only when the weight has changed.
 */
public abstract class Storage implements AutoCloseable {
    private long version;

    /** For the backends. */
    protected Storage() {}

    /** The size in bytes. */
    public abstract long bytes();

    /** Copies host memory to this storage from {@code offset} (bytes) on. */
    public abstract void write(long offset, MemorySegment host);

    /** Copies from {@code offset} (bytes) on to host memory until that is full. */
    public abstract void read(long offset, MemorySegment host);

    /** Sets {@code count} bytes from {@code offset} on to {@code value}. */
    public abstract void fill(long offset, long count, byte value);

    /**
     * The memory itself, for backends that compute on the host.
     *
     * @throws IllegalStateException if the storage is closed or only planned
     * @throws UnsupportedOperationException if the memory is a device's
     */
    public abstract MemorySegment segment();

    /**
     * The storage that has the memory: this one, or the one that this one is a face of.
     *
     * @throws IllegalStateException if the storage is only planned
     */
    public Storage owner() {
        return this;
    }

    /** Whether this is a dry run's storage: shapes are real, memory is not there, and operations must not touch it. */
    public boolean isPlanned() {
        return false;
    }

    /** How often {@link #markModified()} was called. */
    public final long version() {
        return version;
    }

    /** To be called by whoever writes weights, after writing. */
    public final void markModified() {
        version++;
    }

    /** Frees the memory; a second call does nothing. */
    @Override
    public abstract void close();
}
