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
     * run. Allocates nothing in Java.
     *
     * @throws IndexOutOfBoundsException if there are not so many bytes on both sides
     */
    default void copyFrom(PinnedMemory source, long sourceOffset, long bytes, Stream stream) {
        Objects.checkFromIndexSize(sourceOffset, bytes, source.bytes());
        Objects.checkFromIndexSize(0, bytes, bytes());
        use(stream);
        copy(address(), source.address() + sourceOffset, bytes, source, stream);
    }

    /** Queues a copy of this region, all of it, to the start of pinned host memory. */
    default void copyTo(PinnedMemory destination, Stream stream) {
        copyTo(destination, 0, bytes(), stream);
    }

    /**
     * Queues a copy of the start of this region to pinned host memory, where it is when the stream has got so far. Allocates
     * nothing in Java.
     *
     * @throws IndexOutOfBoundsException if there are not so many bytes on both sides
     */
    default void copyTo(PinnedMemory destination, long destinationOffset, long bytes, Stream stream) {
        Objects.checkFromIndexSize(destinationOffset, bytes, destination.bytes());
        Objects.checkFromIndexSize(0, bytes, bytes());
        use(stream);
        copy(destination.address() + destinationOffset, address(), bytes, destination, stream);
    }

    /** Addresses are unified: the driver knows which is the host's, and a number needs no object as a pointer does. */
    private static void copy(long to, long from, long bytes, PinnedMemory host, Stream stream) {
        if (bytes == 0) {
            return;
        }
        host.users().add(stream);
        CudaDriver.check("cuMemcpyAsync", cuda.cuMemcpyAsync(to, from, bytes, stream.handle()));
        stream.keep(host);
    }

    /**
     * Queues a copy of another region of the same device, all of it, to the start of this one.
     *
     * @throws IndexOutOfBoundsException if this region is smaller
     * @throws IllegalArgumentException if the two overlap
     */
    default void copyFrom(DeviceRegion source, Stream stream) {
        Objects.checkFromIndexSize(0, source.bytes(), bytes());
        long distance = Math.abs(address() - source.address());
        if (distance < source.bytes()) {
            throw new IllegalArgumentException(
                    "a copy of " + source.bytes() + " bytes within memory cannot go only " + distance + " bytes far");
        }
        use(stream);
        source.use(stream);
        if (source.bytes() > 0) {
            CudaDriver.check("cuMemcpyDtoDAsync_v2",
                    cuda.cuMemcpyDtoDAsync_v2(address(), source.address(), source.bytes(), stream.handle()));
        }
    }

    /**
     * Copies host memory of any kind, on the Java heap too, to the start of this region, and waits until that is done.
     *
     * @throws IndexOutOfBoundsException if this region is smaller
     * @throws IllegalStateException in a thread that captures, or while the stream is captured
     */
    default void write(MemorySegment source, Stream stream) {
        Objects.checkFromIndexSize(0, source.byteSize(), bytes());
        requireNoCapture("writing", stream);
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
     * @throws IllegalStateException in a thread that captures, or while the stream is captured
     */
    default void read(MemorySegment destination, Stream stream) {
        if (destination.isReadOnly()) {
            throw new IllegalArgumentException("the host memory is read-only");
        }
        Objects.checkFromIndexSize(0, destination.byteSize(), bytes());
        requireNoCapture("reading", stream);
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
        if (bytes() > 0) {
            CudaDriver.check("cuMemsetD8Async", cuda.cuMemsetD8Async(address(), value, bytes(), stream.handle()));
        }
    }

    /**
     * Queues that every two bytes become {@code value}.
     *
     * @throws IllegalArgumentException if address or size are no multiple of 2
     */
    default void fill(short value, Stream stream) {
        requireMultiple(Short.BYTES);
        use(stream);
        if (bytes() > 0) {
            CudaDriver.check("cuMemsetD16Async",
                    cuda.cuMemsetD16Async(address(), value, bytes() / Short.BYTES, stream.handle()));
        }
    }

    /**
     * Queues that every four bytes become {@code value}.
     *
     * @throws IllegalArgumentException if address or size are no multiple of 4
     */
    default void fill(int value, Stream stream) {
        requireMultiple(Integer.BYTES);
        use(stream);
        if (bytes() > 0) {
            CudaDriver.check("cuMemsetD32Async",
                    cuda.cuMemsetD32Async(address(), value, bytes() / Integer.BYTES, stream.handle()));
        }
    }

    /**
     * Queues that every four bytes become the number {@code value}.
     *
     * @throws IllegalArgumentException if address or size are no multiple of 4
     */
    default void fill(float value, Stream stream) {
        fill(Float.floatToRawIntBits(value), stream);
    }

    /** What waits cannot be done by a thread that captures: found out before the driver gets host memory to copy. */
    private static void requireNoCapture(String what, Stream stream) {
        stream.requireNoCapture(what);
        Capture.forbid(what);
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
