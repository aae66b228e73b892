package dev.culebra.runtime.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

import dev.culebra.bindings.cuda.CUgraphExecUpdateResultInfo;
import dev.culebra.bindings.cuda.cuda;
import dev.culebra.runtime.NativeObject;

/**
 * A graph that is ready to run, as often as wanted; each run reads and writes the same memory. The memory and the modules
 * that it uses stay open until this object is closed. One run of it begins after the one before has ended, on whatever
 * streams they are.
 *
 * <p>Source: https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__GRAPH.html.
 */
public final class ExecutableGraph extends NativeObject {
    private final Context context;
    private PinnedMemory[] pinned;

    ExecutableGraph(Context context, MemorySegment handle, List<NativeObject> needed) {
        super(handle, CudaGraph.parents(context, needed));
        this.context = context;
        pinned = pinned(needed.stream());
    }

    /**
     * Queues one run. Allocates nothing in Java.
     *
     * @throws IllegalArgumentException if the stream belongs to another device
     */
    public void launch(Stream stream) {
        MemorySegment open = handle();
        stream.use(context, "the graph");
        CudaDriver.check("cuGraphLaunch", cuda.cuGraphLaunch(open, stream.handle()));
        stream.keep(this);
        for (PinnedMemory copied : pinned) {
            copied.usedOn(stream);
        }
    }

    /**
     * Takes the arguments, addresses and launch shapes of another graph of the same structure, for runs queued from now on;
     * this is much cheaper than instantiating. What the former work needs stays open too.
     *
     * @return whether it could; if not, this graph is as before
     * @throws CudaException if something else failed
     */
    public GraphUpdate update(CudaGraph graph) {
        context.requireSame(graph.context(), "the graph");
        context.makeCurrent();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = CUgraphExecUpdateResultInfo.allocate(arena);
            int status = cuda.cuGraphExecUpdate_v2(handle(), graph.handle(), result);
            if (status == cuda.CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE) {
                return GraphUpdate.refused(CUgraphExecUpdateResultInfo.result(result));
            }
            CudaDriver.check("cuGraphExecUpdate_v2", status);
        }
        graph.needed().forEach(this::needs);
        pinned = pinned(java.util.stream.Stream.concat(Arrays.stream(pinned), graph.needed().stream()));
        return GraphUpdate.DONE;
    }

    private static PinnedMemory[] pinned(java.util.stream.Stream<NativeObject> needed) {
        return needed.filter(PinnedMemory.class::isInstance).distinct().toArray(PinnedMemory[]::new);
    }

    @Override
    protected void destroy(MemorySegment handle) {
        context.makeCurrentToDestroy();
        context.checkDestroyed("cuGraphExecDestroy", cuda.cuGraphExecDestroy(handle));
    }
}
