package dev.culebra.runtime.driver;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import dev.culebra.bindings.cuda.cuda;
import dev.culebra.runtime.NativeObject;

/**
 * Work that {@link Stream#capture} recorded instead of running: a template, from which {@link #instantiate} makes what can
 * run. The memory and the modules that the work uses stay open until this object is closed.
 *
 * <p>Source: https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__GRAPH.html.
 */
public final class CudaGraph extends NativeObject {
    private final Context context;
    private final List<NativeObject> needed;

    private CudaGraph(Context context, MemorySegment handle, List<NativeObject> needed) {
        super(handle, parents(context, needed));
        this.context = context;
        this.needed = needed;
    }

    /** Takes a graph over; if something that it needs has been closed meanwhile, the graph is destroyed. */
    static CudaGraph captured(Context context, MemorySegment handle, List<NativeObject> needed) {
        try {
            return new CudaGraph(context, handle, needed);
        } catch (IllegalStateException closed) {
            cuda.cuGraphDestroy(handle);
            throw new IllegalStateException("closed in the capture that uses it: " + closed.getMessage(), closed);
        }
    }

    /** How many operations it has. */
    public long nodes() {
        context.makeCurrent();
        return CudaDriver.getLong("cuGraphGetNodes",
                out -> cuda.cuGraphGetNodes(handle(), MemorySegment.NULL, out));
    }

    /**
     * Makes what can run; the driver checks and prepares all of it now. It does not need this graph to stay open.
     *
     * @return the executable graph, the caller's to close
     * @throws CudaException if the graph cannot run, or memory is short
     * @throws IllegalStateException in a thread that captures
     */
    public ExecutableGraph instantiate() {
        Capture.forbid("instantiating a graph");
        return new ExecutableGraph(context, () -> {
            context.makeCurrent();
            return CudaDriver.create("cuGraphInstantiateWithFlags",
                    out -> cuda.cuGraphInstantiateWithFlags(out, handle(), 0));
        }, needed);
    }

    Context context() {
        return context;
    }

    List<NativeObject> needed() {
        return needed;
    }

    static NativeObject[] parents(Context context, List<NativeObject> needed) {
        List<NativeObject> parents = new ArrayList<>(needed);
        parents.add(context);
        return parents.toArray(NativeObject[]::new);
    }

    @Override
    protected void destroy(MemorySegment handle) {
        context.makeCurrentToDestroy();
        context.checkDestroyed("cuGraphDestroy", cuda.cuGraphDestroy(handle));
    }
}
