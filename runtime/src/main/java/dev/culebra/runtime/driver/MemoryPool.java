package dev.culebra.runtime.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import dev.culebra.bindings.cuda.CUmemLocation;
import dev.culebra.bindings.cuda.CUmemPoolProps;
import dev.culebra.bindings.cuda.cuda;
import dev.culebra.runtime.NativeObject;

/**
 * Where device memory comes from: the driver's stream-ordered allocator. Freed memory stays with the pool up to its release
 * threshold, so that allocating again costs microseconds and waits for nothing. Safe for use by several threads.
 *
 * <p>Source: https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__MALLOC__ASYNC.html.
 */
public final class MemoryPool extends NativeObject {
    /** A release threshold under which the pool gives nothing back before it is trimmed or closed. */
    public static final long KEEP_ALL = Long.MAX_VALUE;

    private final Context context;
    private final boolean owned;
    private final AtomicLong allocated = new AtomicLong();
    private final AtomicLong released = new AtomicLong();

    private MemoryPool(Context context, Supplier<MemorySegment> creation, boolean owned) {
        super(creation, 0, context);
        this.context = context;
        this.owned = owned;
    }

    /**
     * A pool of its own.
     *
     * @param releaseThreshold how many bytes the pool keeps when streams are synchronised, though they are unused; at least 0
     * @throws CudaException if the device has no stream-ordered memory; see {@link Device#hasMemoryPools}
     */
    public static MemoryPool create(Context context, long releaseThreshold) {
        requireNotNegative("a release threshold", releaseThreshold);
        MemoryPool pool = new MemoryPool(context, () -> create(context), true);
        try {
            pool.set(cuda.CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, releaseThreshold);
            return pool;
        } catch (Throwable failure) {
            pool.closeAfter(failure);
            throw failure;
        }
    }

    private static MemorySegment create(Context context) {
        context.makeCurrent();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment properties = CUmemPoolProps.allocate(arena);
            CUmemPoolProps.allocType(properties, cuda.CU_MEM_ALLOCATION_TYPE_PINNED);
            CUmemPoolProps.handleTypes(properties, cuda.CU_MEM_HANDLE_TYPE_NONE);
            MemorySegment location = CUmemPoolProps.location(properties);
            CUmemLocation.type(location, cuda.CU_MEM_LOCATION_TYPE_DEVICE);
            CUmemLocation.id(location, context.device().handle());
            return CudaDriver.create("cuMemPoolCreate", out -> cuda.cuMemPoolCreate(out, properties));
        }
    }

    /** The device's default pool, which others in this process may use too; closing this object leaves it. */
    public static MemoryPool ofDevice(Context context) {
        return new MemoryPool(context, () -> CudaDriver.create("cuDeviceGetDefaultMemPool",
                out -> cuda.cuDeviceGetDefaultMemPool(out, context.device().handle())), false);
    }

    /** The context it belongs to. */
    public Context context() {
        return context;
    }

    /**
     * Allocates memory that work on {@code stream} can use from now on; nothing waits.
     *
     * @param bytes at least 1
     * @return the memory, the caller's to close; what it contains is undefined
     * @throws CudaOutOfMemoryException if the device has not so much
     * @throws IllegalStateException while the stream is being captured: allocate before
     */
    public DeviceMemory allocate(long bytes, Stream stream) {
        if (bytes < 1) {
            throw new IllegalArgumentException("an allocation has at least 1 byte, not " + bytes);
        }
        stream.requireNoCapture("allocating memory");
        return new DeviceMemory(this, stream, bytes);
    }

    /** The address of so many new bytes, for which somebody keeps this pool and the stream open. */
    MemorySegment allocateAddress(long bytes, Stream stream) {
        stream.use(context, "the memory pool");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            int status = cuda.cuMemAllocFromPoolAsync(out, bytes, handle(), stream.handle());
            if (status == cuda.CUDA_ERROR_OUT_OF_MEMORY) {
                throw CudaDriver.outOfMemory("cuMemAllocFromPoolAsync", bytes,
                        get(cuda.CU_MEMPOOL_ATTR_RESERVED_MEM_CURRENT));
            }
            CudaDriver.check("cuMemAllocFromPoolAsync", status);
            allocated.addAndGet(bytes);
            return MemorySegment.ofAddress(out.get(ValueLayout.JAVA_LONG, 0));
        }
    }

    /** What it holds now. */
    public MemoryPoolUsage usage() {
        context.makeCurrent();
        return new MemoryPoolUsage(get(cuda.CU_MEMPOOL_ATTR_USED_MEM_CURRENT),
                get(cuda.CU_MEMPOOL_ATTR_USED_MEM_HIGH), get(cuda.CU_MEMPOOL_ATTR_RESERVED_MEM_CURRENT),
                get(cuda.CU_MEMPOOL_ATTR_RESERVED_MEM_HIGH), allocated.get(), released.get());
    }

    /** Lets the peaks begin anew, from what is in use and reserved now. */
    public void resetPeaks() {
        context.makeCurrent();
        set(cuda.CU_MEMPOOL_ATTR_USED_MEM_HIGH, 0);
        set(cuda.CU_MEMPOOL_ATTR_RESERVED_MEM_HIGH, 0);
    }

    /**
     * Gives memory that is not in use back to the device.
     *
     * @param bytesToKeep how many bytes stay reserved, if there are so many; at least 0
     */
    public void trim(long bytesToKeep) {
        requireNotNegative("what a pool keeps", bytesToKeep);
        context.makeCurrent();
        CudaDriver.check("cuMemPoolTrimTo", cuda.cuMemPoolTrimTo(handle(), bytesToKeep));
    }

    private static void requireNotNegative(String what, long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException(what + " is at least 0 bytes, not " + bytes);
        }
    }

    void released(long bytes) {
        released.addAndGet(bytes);
    }

    private long get(int attribute) {
        return CudaDriver.getLong("cuMemPoolGetAttribute",
                out -> cuda.cuMemPoolGetAttribute(handle(), attribute, out));
    }

    private void set(int attribute, long value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment in = arena.allocateFrom(ValueLayout.JAVA_LONG, value);
            CudaDriver.check("cuMemPoolSetAttribute", cuda.cuMemPoolSetAttribute(handle(), attribute, in));
        }
    }

    @Override
    protected void destroy(MemorySegment handle) {
        if (owned) {
            context.makeCurrentToDestroy();
            context.checkDestroyed("cuMemPoolDestroy", cuda.cuMemPoolDestroy(handle));
        }
    }
}
