package dev.culebra.runtime.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

import dev.culebra.bindings.cuda.cuda;
import dev.culebra.runtime.NativeObject;

/**
 * Contiguous bytes of device memory: a whole allocation, or a part of one that owns nothing.
 *
 * <p>Copies and fills are queued on a stream and run in its order. Where host memory takes part, that is either
 * {@link PinnedMemory}, and the method returns at once, or any memory, and the method waits. Offsets and sizes are in bytes
 * and are checked; a region whose memory has been freed throws.
 *
 * <p>Source: https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__MEM.html.
 */
public sealed interface DeviceRegion permits DeviceMemory, DeviceSlice {
    /**
     * Where it starts, for the device.
     *
     * @throws IllegalStateException if the memory has been freed
     */
    long address();

    /** How many bytes it has. */
    long bytes();

    /** The context it belongs to. */
    Context context();

    /** What must stay open for the memory to exist. */
    NativeObject owner();

    /**
     * A part of it, which owns nothing.
     *
     * @throws IndexOutOfBoundsException if it is not inside
     */
    default DeviceSlice slice(long offset, long bytes) {
        Objects.checkFromIndexSize(offset, bytes, bytes());
        return new DeviceSlice(owner(), context(), address() + offset, bytes);
    }

    /**
     * Throws unless a library can be given this memory for work on a stream. What passes only an address on calls this
     * first, and {@link Stream#keep} after.
     *
     * @param name what the message calls the memory
     * @param bytes how many bytes of it the work uses
     * @throws IllegalArgumentException if it has fewer, or belongs to another device than the stream
     * @throws IllegalStateException if it has been freed
     */
    default void requireUsable(String name, long bytes, Stream stream) {
        address();
        if (bytes() < bytes) {
            throw new IllegalArgumentException(name + " takes " + bytes + " bytes, but has " + bytes());
        }
        stream.context().requireSame(context(), name);
    }

    /** Queues a copy of pinned host memory, all of it, to the start of this region. */
    default void copyFrom(PinnedMemory source, Stream stream) {
        copyFrom(source, 0, source.bytes(), stream);
    }

    /**
     * Queues a copy of pinned host memory to the start of this region. The host memory must not change before the copy has
     * run.
     *
     * @throws IndexOutOfBoundsException if there are not so many bytes on both sides
     */
    default void copyFrom(PinnedMemory source, long sourceOffset, long bytes, Stream stream) {
        Objects.checkFromIndexSize(sourceOffset, bytes, source.bytes());
        Objects.checkFromIndexSize(0, bytes, bytes());
        use(stream);
        CudaDriver.check("cuMemcpyHtoDAsync_v2", cuda.cuMemcpyHtoDAsync_v2(address(),
                MemorySegment.ofAddress(source.address() + sourceOffset), bytes, stream.handle()));
        stream.keep(source);
        source.usedOn(stream);
    }

    /** Queues a copy of this region, all of it, to the start of pinned host memory. */
    default void copyTo(PinnedMemory destination, Stream stream) {
        copyTo(destination, 0, bytes(), stream);
    }

    /**
     * Queues a copy of the start of this region to pinned host memory, where it is when the stream has got so far.
     *
     * @throws IndexOutOfBoundsException if there are not so many bytes on both sides
     */
    default void copyTo(PinnedMemory destination, long destinationOffset, long bytes, Stream stream) {
        Objects.checkFromIndexSize(destinationOffset, bytes, destination.bytes());
        Objects.checkFromIndexSize(0, bytes, bytes());
        use(stream);
        CudaDriver.check("cuMemcpyDtoHAsync_v2",
                cuda.cuMemcpyDtoHAsync_v2(MemorySegment.ofAddress(destination.address() + destinationOffset),
                        address(), bytes, stream.handle()));
        stream.keep(destination);
        destination.usedOn(stream);
    }

    /**
     * Queues a copy of another region of the same device, all of it, to the start of this one. The two must not overlap.
     *
     * @throws IndexOutOfBoundsException if this region is smaller
     */
    default void copyFrom(DeviceRegion source, Stream stream) {
        Objects.checkFromIndexSize(0, source.bytes(), bytes());
        use(stream);
        source.use(stream);
        CudaDriver.check("cuMemcpyDtoDAsync_v2",
                cuda.cuMemcpyDtoDAsync_v2(address(), source.address(), source.bytes(), stream.handle()));
    }

    /**
     * Copies host memory of any kind, on the Java heap too, to the start of this region, and waits until that is done.
     *
     * @throws IndexOutOfBoundsException if this region is smaller
     * @throws IllegalStateException in a capture
     */
    default void write(MemorySegment source, Stream stream) {
        Objects.checkFromIndexSize(0, source.byteSize(), bytes());
        stream.requireNoCapture("write");
        use(stream);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = source;
            if (!source.isNative()) {
                host = arena.allocate(Math.max(source.byteSize(), 1), Long.BYTES);
                MemorySegment.copy(source, 0, host, 0, source.byteSize());
            }
            CudaDriver.check("cuMemcpyHtoDAsync_v2",
                    cuda.cuMemcpyHtoDAsync_v2(address(), host, source.byteSize(), stream.handle()));
            stream.synchronize();
        }
    }

    /**
     * Copies the start of this region to host memory of any kind, on the Java heap too, until that is full, and waits until
     * that is done.
     *
     * @throws IndexOutOfBoundsException if this region is smaller
     * @throws IllegalArgumentException if {@code destination} cannot be written
     * @throws IllegalStateException in a capture
     */
    default void read(MemorySegment destination, Stream stream) {
        if (destination.isReadOnly()) {
            throw new IllegalArgumentException("the host memory is read-only");
        }
        Objects.checkFromIndexSize(0, destination.byteSize(), bytes());
        stream.requireNoCapture("read");
        use(stream);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = destination.isNative()
                    ? destination
                    : arena.allocate(Math.max(destination.byteSize(), 1), Long.BYTES);
            CudaDriver.check("cuMemcpyDtoHAsync_v2",
                    cuda.cuMemcpyDtoHAsync_v2(host, address(), destination.byteSize(), stream.handle()));
            stream.synchronize();
            if (!destination.isNative()) {
                MemorySegment.copy(host, 0, destination, 0, destination.byteSize());
            }
        }
    }

    /** Queues that every byte becomes 0. */
    default void clear(Stream stream) {
        fill((byte) 0, stream);
    }

    /** Queues that every byte becomes {@code value}. */
    default void fill(byte value, Stream stream) {
        use(stream);
        CudaDriver.check("cuMemsetD8Async", cuda.cuMemsetD8Async(address(), value, bytes(), stream.handle()));
    }

    /**
     * Queues that every two bytes become {@code value}.
     *
     * @throws IllegalArgumentException if address or size are no multiple of 2
     */
    default void fill(short value, Stream stream) {
        requireMultiple(Short.BYTES);
        use(stream);
        CudaDriver.check("cuMemsetD16Async",
                cuda.cuMemsetD16Async(address(), value, bytes() / Short.BYTES, stream.handle()));
    }

    /**
     * Queues that every four bytes become {@code value}.
     *
     * @throws IllegalArgumentException if address or size are no multiple of 4
     */
    default void fill(int value, Stream stream) {
        requireMultiple(Integer.BYTES);
        use(stream);
        CudaDriver.check("cuMemsetD32Async",
                cuda.cuMemsetD32Async(address(), value, bytes() / Integer.BYTES, stream.handle()));
    }

    /**
     * Queues that every four bytes become the number {@code value}.
     *
     * @throws IllegalArgumentException if address or size are no multiple of 4
     */
    default void fill(float value, Stream stream) {
        fill(Float.floatToRawIntBits(value), stream);
    }

    private void use(Stream stream) {
        stream.use(context(), "the memory");
        stream.keep(owner());
    }

    private void requireMultiple(int unit) {
        if (address() % unit != 0 || bytes() % unit != 0) {
            throw new IllegalArgumentException(
                    "address and size of a fill by " + unit + " bytes must be multiples of that: address "
                            + Long.toHexString(address()) + ", " + bytes() + " bytes");
        }
    }
}
