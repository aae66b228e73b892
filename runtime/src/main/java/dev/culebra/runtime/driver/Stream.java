package dev.culebra.runtime.driver;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Supplier;

import dev.culebra.bindings.cuda.cuda;
import dev.culebra.runtime.NativeObject;

/**
 * A queue of work for the device. Work on one stream runs in order; work on different streams is ordered by events alone,
 * since no stream made here waits for the driver's default stream.
 *
 * <p>Methods that take a stream return when their work is queued, unless they say that they wait.
 *
 * <p>Source: https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__STREAM.html.
 */
public final class Stream extends NativeObject {
    private final Context context;
    /** The capture that this stream last was part of, or null. */
    private volatile Capture capture;
    private volatile boolean ended;

    private Stream(Context context, Supplier<MemorySegment> creation) {
        super(creation, 0, context);
        this.context = context;
    }

    /** A stream of ordinary priority. */
    public static Stream create(Context context) {
        return create(context, 0);
    }

    /**
     * A stream whose waiting work goes before or after that of others.
     *
     * @param priority lower numbers go first; 0 is ordinary, and what the device does not have becomes the nearest it has
     */
    public static Stream create(Context context, int priority) {
        return new Stream(context, () -> {
            context.makeCurrent();
            return CudaDriver.create("cuStreamCreateWithPriority",
                    out -> cuda.cuStreamCreateWithPriority(out, cuda.CU_STREAM_NON_BLOCKING, priority));
        });
    }

    /** The context it belongs to. */
    public Context context() {
        return context;
    }

    /** The priority the device gave it. */
    public int priority() {
        context.makeCurrent();
        return CudaDriver.getInt("cuStreamGetPriority", out -> cuda.cuStreamGetPriority(handle(), out));
    }

    /**
     * Waits until all work queued so far has ended.
     *
     * @throws CudaException if work failed
     * @throws IllegalStateException in a thread that captures, whatever the stream: it would ruin the capture
     */
    public void synchronize() {
        requireNoCapture("waiting for a stream");
        Capture.forbid("waiting for a stream");
        context.makeCurrent();
        CudaDriver.check("cuStreamSynchronize", cuda.cuStreamSynchronize(handle()));
    }

    /**
     * Whether all work queued so far has ended. It does not wait.
     *
     * @throws CudaException if work failed
     * @throws IllegalStateException in a thread that captures, whatever the stream: it would ruin the capture
     */
    public boolean isIdle() {
        requireNoCapture("asking a stream");
        Capture.forbid("asking a stream");
        context.makeCurrent();
        int status = cuda.cuStreamQuery(handle());
        if (status == cuda.CUDA_ERROR_NOT_READY) {
            return false;
        }
        CudaDriver.check("cuStreamQuery", status);
        return true;
    }

    /**
     * Lets work queued from now on wait for an event; the calling thread does not wait. If the event was recorded in a
     * capture, this stream joins that capture, until its work is joined back.
     *
     * @throws IllegalArgumentException if the event belongs to another device
     */
    public void waitFor(Event event) {
        use(event.context(), "the event");
        CudaDriver.check("cuStreamWaitEvent",
                cuda.cuStreamWaitEvent(handle(), event.handle(), cuda.CU_EVENT_WAIT_DEFAULT));
        Capture joined = event.capture();
        if (joined != null && joined.isActive()) {
            capture = joined;
        }
    }

    /**
     * Captures work instead of running it: what {@code work} queues on this stream, and on streams that wait for events
     * recorded on it and are joined back by an event this stream waits for, becomes a graph.
     *
     * <p>Only this thread is bound by the capture; others may allocate, wait and capture meanwhile, on other streams. In
     * {@code work}, nothing may wait for the device, allocate memory or load a module. If it throws, the capture ends
     * and leaves nothing behind.
     *
     * <p>The graph needs all that its work was given through this package: memory, pinned memory and modules cannot be
     * closed before it. What is queued by addresses alone, as libraries do, is announced by {@link #keep}.
     *
     * <p>Other threads may queue work on the streams that have joined, but nothing may wait for the whole device meanwhile:
     * {@link Context#synchronize} throws in every thread.
     *
     * @param work queues the work
     * @return the graph, the caller's to close
     * @throws CudaException if something in {@code work} cannot be captured
     * @throws IllegalStateException in a virtual thread, since a capture must end in the thread of the operating system
     *     in which it began; or if this thread or this stream captures already
     */
    public CudaGraph capture(Runnable work) {
        requireNoCapture("a second capture");
        Capture.forbid("a second capture");
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a virtual thread cannot capture: use a platform thread");
        }
        context.makeCurrent();
        CudaDriver.check("cuStreamBeginCapture_v2",
                cuda.cuStreamBeginCapture_v2(handle(), cuda.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
        Capture own = new Capture(context.device());
        capture = own;
        try {
            work.run();
        } catch (Throwable failure) {
            abandon(own, failure);
            throw failure;
        }
        List<NativeObject> needed = own.end();
        context.makeCurrent();
        MemorySegment graph = CudaDriver.create("cuStreamEndCapture", out -> cuda.cuStreamEndCapture(handle(), out));
        return CudaGraph.captured(context, graph, needed);
    }

    /** Ends a capture after something in it failed; that it may be invalid for this reason is no failure of its own. */
    private void abandon(Capture own, Throwable failure) {
        own.end();
        try {
            context.makeCurrent();
            MemorySegment graph = CudaDriver.create("cuStreamEndCapture", out -> {
                int status = cuda.cuStreamEndCapture(handle(), out);
                return status == cuda.CUDA_ERROR_STREAM_CAPTURE_INVALIDATED
                        || status == cuda.CUDA_ERROR_STREAM_CAPTURE_UNJOINED ? cuda.CUDA_SUCCESS : status;
            });
            if (!graph.equals(MemorySegment.NULL)) {
                context.checkDestroyed("cuGraphDestroy", cuda.cuGraphDestroy(graph));
            }
        } catch (RuntimeException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    /** Whether work queued now becomes part of a graph instead of running. */
    public boolean isCapturing() {
        return capture() != null;
    }

    /**
     * Says that work queued on this stream uses an object whose address or handle alone was passed on. In a capture, the
     * graph then keeps it open; else this does nothing.
     */
    public void keep(NativeObject object) {
        Capture active = capture();
        if (active != null) {
            active.needs(object);
        }
    }

    /** The capture under way on this stream, or null. */
    Capture capture() {
        Capture last = capture;
        return last != null && last.isActive() ? last : null;
    }

    /** Makes the context current, and throws unless what belongs to {@code other} can be used on this stream. */
    void use(Context other, String what) {
        context.requireSame(other, what);
        context.makeCurrent();
    }

    /** Throws while this stream is being captured. */
    void requireNoCapture(String what) {
        if (capture() != null) {
            throw new IllegalStateException(what + " is not possible while the stream is being captured: do it before");
        }
    }

    /**
     * Waits until all work queued has ended, and destroys the stream; a second call does nothing.
     *
     * @throws IllegalStateException if memory allocated on it is still open, or in a thread that captures; it stays open then
     * @throws CudaException if work failed; the stream is closed all the same
     */
    @Override
    public synchronized void close() {
        if (isOpen()) {
            requireNoCapture("closing a stream");
            Capture.forbid("closing a stream");
        }
        super.close();
    }

    /** Waits for its work and returns how that went. It has ended if the stream is closed, also by another thread just now. */
    synchronized int await() {
        return isOpen() ? cuda.cuStreamSynchronize(handle()) : cuda.CUDA_SUCCESS;
    }

    /** Whether it is closed and its work has ended. */
    boolean hasEnded() {
        return ended;
    }

    @Override
    protected void destroy(MemorySegment handle) {
        context.makeCurrentToDestroy();
        int waited = cuda.cuStreamSynchronize(handle);
        ended = true;
        context.checkDestroyed("cuStreamDestroy_v2", cuda.cuStreamDestroy_v2(handle));
        context.checkDestroyed("cuStreamSynchronize", waited);
    }
}
