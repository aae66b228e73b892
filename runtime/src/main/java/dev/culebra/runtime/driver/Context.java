package dev.culebra.runtime.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;

import dev.culebra.bindings.cuda.cuda;
import dev.culebra.runtime.NativeObject;

/**
 * A device's primary context: the one that all libraries of a process share. It is retained while this object is open;
 * when the last holder releases it, the driver frees all that belongs to it. Several objects may hold it, and what was made
 * from one works with what was made from another of the same device.
 *
 * <p>Any thread may use it. The driver wants it to be current in the calling thread: everything here sees to that, and
 * where it is current already, that costs a look at a variable of the thread. Code that makes another context current by
 * the raw bindings must restore the one that was there.
 *
 * <p>Source: https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__PRIMARY__CTX.html.
 */
public final class Context extends NativeObject {
    private static final AtomicLong OPENED = new AtomicLong();
    /** The number of the context that this thread made current last. */
    private static final ThreadLocal<long[]> CURRENT = ThreadLocal.withInitial(() -> new long[1]);

    private final Device device;
    private final long stickyErrorsBefore = CudaDriver.stickyErrors();
    private final long number = OPENED.incrementAndGet();

    private Context(Device device, MemorySegment handle) {
        super(handle);
        this.device = device;
    }

    /**
     * Retains the primary context of a device; the first to do so in a process creates it, which takes a good part of a
     * second.
     *
     * @throws CudaException if it cannot be created, as when another process has the device for itself
     */
    public static Context of(Device device) {
        return new Context(device, CudaDriver.create("cuDevicePrimaryCtxRetain",
                out -> cuda.cuDevicePrimaryCtxRetain(out, device.handle())));
    }

    /** The device it belongs to. */
    public Device device() {
        return device;
    }

    /**
     * Makes it current in the calling thread, for libraries that use whatever context is current; what is in this package
     * does so by itself.
     *
     * @throws IllegalStateException if the context is closed
     */
    public void makeCurrent() {
        CudaDriver.check("cuCtxSetCurrent", setCurrent());
    }

    /** The same before something is destroyed: where the context is damaged, the destroying call says so too. */
    void makeCurrentToDestroy() {
        setCurrent();
    }

    private int setCurrent() {
        MemorySegment open = handle();
        if (Thread.currentThread().isVirtual()) {
            // A virtual thread may continue on another thread of the operating system, whose current context is another.
            return cuda.cuCtxSetCurrent(open);
        }
        long[] current = CURRENT.get();
        if (current[0] == number) {
            return cuda.CUDA_SUCCESS;
        }
        int status = cuda.cuCtxSetCurrent(open);
        if (status == cuda.CUDA_SUCCESS) {
            current[0] = number;
        }
        return status;
    }

    /**
     * Waits for all work of the context, on all its streams.
     *
     * @throws CudaException if that work failed
     * @throws IllegalStateException while a thread captures on this device, which may be another thread: waiting for all
     *     streams would ruin its capture
     */
    public void synchronize() {
        Capture.forbid("waiting for the device");
        Capture.forbidOn(device, "waiting for the device");
        makeCurrent();
        CudaDriver.check("cuCtxSynchronize", cuda.cuCtxSynchronize());
    }

    /** How much memory the device has and how much of it is free, other processes counted. */
    public MemoryInfo memory() {
        makeCurrent();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sizes = arena.allocate(ValueLayout.JAVA_LONG, 2);
            CudaDriver.check("cuMemGetInfo_v2", cuda.cuMemGetInfo_v2(sizes, sizes.asSlice(Long.BYTES)));
            return new MemoryInfo(sizes.getAtIndex(ValueLayout.JAVA_LONG, 0),
                    sizes.getAtIndex(ValueLayout.JAVA_LONG, 1));
        }
    }

    /**
     * Throws unless what belongs to {@code other} can be used together with what belongs to this context.
     *
     * @param what what the message calls it
     * @throws IllegalArgumentException if the two are contexts of different devices
     */
    public void requireSame(Context other, String what) {
        if (other != this && !other.device.equals(device)) {
            throw new IllegalArgumentException(
                    what + " belongs to device " + other.device.ordinal() + ", not to device " + device.ordinal());
        }
    }

    /**
     * Checks what a function returned that destroys an object of this context. A sticky error is passed over once some call
     * has reported one since this context was opened, and so is a driver that has shut down: whoever closes the object
     * cannot help it, and the object is gone.
     */
    void checkDestroyed(String function, int status) {
        boolean reported = CudaException.isSticky(status) && CudaDriver.stickyErrors() > stickyErrorsBefore;
        if (!reported && status != cuda.CUDA_ERROR_DEINITIALIZED && status != cuda.CUDA_ERROR_CONTEXT_IS_DESTROYED) {
            CudaDriver.check(function, status);
        }
    }

    @Override
    protected void destroy(MemorySegment handle) {
        checkDestroyed("cuDevicePrimaryCtxRelease_v2",
                cuda.cuDevicePrimaryCtxRelease_v2(device.handle()));
    }
}
