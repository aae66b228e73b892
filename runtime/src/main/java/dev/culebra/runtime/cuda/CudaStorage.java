package dev.culebra.runtime.cuda;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Storage;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.DeviceSlice;

/**
 * Device memory that tensors are views of; it owns the memory. Reading waits for the stream, and so do large writes.
 *
 * <p>Of parameters, all of which are F32, it keeps a copy in bfloat16 where products want that: one copy of the whole, renewed
 * by one launch after they have changed.
 */
final class CudaStorage extends Storage {
    private final CudaBackend backend;
    private final DeviceMemory memory;
    private Optional<DeviceMemory> narrow = Optional.empty();
    private long narrowVersion;

    /** Takes the memory over. */
    CudaStorage(CudaBackend backend, DeviceMemory memory) {
        this.backend = backend;
        this.memory = memory;
    }

    /** A part of the memory, in bytes. */
    DeviceSlice region(long offset, long bytes) {
        return memory.slice(offset, bytes);
    }

    /** A part of the copy in bfloat16, which is up to date: where it lies in the F32 original, in bytes. */
    DeviceSlice narrow(long offset, long bytes) {
        backend.recording().ifPresent(recording -> recording.readsCopyOf(this));
        return renewCopy().slice(offset / 2, bytes / 2);
    }

    /** Brings the copy in bfloat16 up to date, if it is not. */
    DeviceMemory renewCopy() {
        if (narrow.isEmpty()) {
            narrow = Optional.of(backend.allocateMemory(Math.max(memory.bytes() / 2, 1)));
            narrowVersion = version() - 1;
        }
        if (narrowVersion != version()) {
            backend.convert(DataType.F32, memory, DataType.BF16, narrow.get(), memory.bytes() / Float.BYTES);
            narrowVersion = version();
        }
        return narrow.get();
    }

    @Override
    public long bytes() {
        return memory.bytes();
    }

    @Override
    public void write(long offset, MemorySegment host) {
        backend.staging().write(host, memory.slice(offset, host.byteSize()));
    }

    @Override
    public void read(long offset, MemorySegment host) {
        memory.slice(offset, host.byteSize()).read(host, backend.stream());
    }

    @Override
    public void fill(long offset, long count, byte value) {
        memory.slice(offset, count).fill(value, backend.stream());
    }

    @Override
    public MemorySegment segment() {
        throw new UnsupportedOperationException("device memory is not Java's to read: use a tensor's transfer methods");
    }

    @Override
    public void close() {
        narrow.ifPresent(DeviceMemory::close);
        narrow = Optional.empty();
        boolean wasOpen = memory.isOpen();
        memory.close();
        if (wasOpen) {
            backend.returned(this);
        }
    }
}
