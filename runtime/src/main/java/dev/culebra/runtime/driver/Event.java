package dev.culebra.runtime.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.function.Supplier;

import dev.culebra.bindings.MissingSymbolException;
import dev.culebra.bindings.Native;
import dev.culebra.bindings.NativeLibraries;
import dev.culebra.bindings.cuda.cuda;
import dev.culebra.runtime.NativeObject;

/**
 * A point in the work of a stream, to be waited for by threads and by other streams. It may be recorded again and again
 * and stands for the last time; before the first it counts as reached.
 *
 * <p>Source: https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__EVENT.html.
 */
public final class Event extends NativeObject {
    /** What drivers before CUDA 12.8 have instead; the headers no longer declare it. */
    private static final MethodHandle BEFORE_12_8 = NativeLibraries.CUDA.function("cuEventElapsedTime",
            cuda.cuEventElapsedTime_v2$descriptor());

    private final Context context;
    private final boolean timing;
    private volatile Capture capture;
    private volatile boolean recorded;

    private Event(Context context, Supplier<MemorySegment> creation, boolean timing) {
        super(creation, 0, context);
        this.context = context;
        this.timing = timing;
    }

    /** An event without time, the cheaper kind. */
    public static Event create(Context context) {
        return create(context, false);
    }

    /** An event that also says when it was reached. */
    public static Event withTiming(Context context) {
        return create(context, true);
    }

    private static Event create(Context context, boolean timing) {
        int flags = timing ? cuda.CU_EVENT_DEFAULT : cuda.CU_EVENT_DISABLE_TIMING;
        return new Event(context, () -> {
            context.makeCurrent();
            return CudaDriver.create("cuEventCreate", out -> cuda.cuEventCreate(out, flags));
        }, timing);
    }

    /**
     * Puts the event behind all work queued on the stream so far. In a capture it becomes an edge of the graph, by which
     * another stream can join the capture: such an event says nothing about time and cannot be waited for by threads.
     *
     * @throws IllegalArgumentException if the stream belongs to another device
     */
    public void record(Stream stream) {
        MemorySegment open = handle();
        stream.use(context, "the event");
        CudaDriver.check("cuEventRecord", cuda.cuEventRecord(open, stream.handle()));
        capture = stream.capture();
        recorded = true;
    }

    /**
     * Whether the work before it has ended. It does not wait.
     *
     * @throws IllegalStateException in a thread that captures, or if the event was last recorded in a capture
     */
    public boolean isReached() {
        MemorySegment open = outsideCapture();
        context.makeCurrent();
        int status = cuda.cuEventQuery(open);
        if (status == cuda.CUDA_ERROR_NOT_READY) {
            return false;
        }
        CudaDriver.check("cuEventQuery", status);
        return true;
    }

    /**
     * Waits until the work before it has ended.
     *
     * @throws CudaException if that work failed
     * @throws IllegalStateException in a thread that captures, or if the event was last recorded in a capture
     */
    public void synchronize() {
        MemorySegment open = outsideCapture();
        context.makeCurrent();
        CudaDriver.check("cuEventSynchronize", cuda.cuEventSynchronize(open));
    }

    /**
     * The time on the device between another event and this one, in milliseconds, to about half a microsecond. Waits for
     * both.
     *
     * @throws IllegalStateException if one of the two was made without timing, was never recorded, or was last recorded in a
     *     capture
     */
    public double millisecondsSince(Event start) {
        if (!timing || !start.timing) {
            throw new IllegalStateException("an event made without timing does not know its time");
        }
        context.requireSame(start.context, "the first event");
        if (!recorded || !start.recorded) {
            throw new IllegalStateException("an event that was never recorded has no time");
        }
        start.synchronize();
        synchronize();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_FLOAT);
            CudaDriver.check("cuEventElapsedTime_v2", elapsedTime(out, start.handle(), handle()));
            return out.get(ValueLayout.JAVA_FLOAT, 0);
        }
    }

    private static int elapsedTime(MemorySegment out, MemorySegment start, MemorySegment end) {
        try {
            return cuda.cuEventElapsedTime_v2(out, start, end);
        } catch (MissingSymbolException before12v8) {
            try {
                return (int) BEFORE_12_8.invokeExact(out, start, end);
            } catch (Throwable failure) {
                throw Native.failure("cuEventElapsedTime", failure);
            }
        }
    }

    Context context() {
        return context;
    }

    /** The capture in which it was recorded last, or null. */
    Capture capture() {
        return capture;
    }

    private MemorySegment outsideCapture() {
        Capture.forbid("asking for an event");
        if (capture != null) {
            throw new IllegalStateException("the event was last recorded in a capture: no thread can ask for it");
        }
        return handle();
    }

    @Override
    protected void destroy(MemorySegment handle) {
        context.makeCurrentToDestroy();
        context.checkDestroyed("cuEventDestroy_v2", cuda.cuEventDestroy_v2(handle));
    }
}
