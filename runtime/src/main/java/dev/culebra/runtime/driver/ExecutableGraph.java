package dev.culebra.runtime.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

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
    /** Those of the pinned memory and of the modules that its runs use. */
    private UsingStreams[] users;

    ExecutableGraph(Context context, Supplier<MemorySegment> creation, List<NativeObject> needed) {
        super(creation, 0, CudaGraph.parents(context, needed));
        this.context = context;
        users = users(needed).toArray(UsingStreams[]::new);
    }

    /**
     * Queues one run. Allocates nothing in Java.
     *
     * @throws IllegalArgumentException if the stream belongs to another device
     * @throws IllegalStateException while the stream is being captured: the driver does not capture a graph into another
     */
    public void launch(Stream stream) {
        MemorySegment open = handle();
        stream.requireNoCapture("launching a graph");
        stream.use(context, "the graph");
        for (UsingStreams used : users) {
            used.add(stream);
        }
        CudaDriver.check("cuGraphLaunch", cuda.cuGraphLaunch(open, stream.handle()));
    }

    /**
     * Takes the arguments, addresses and launch shapes of another graph of the same structure, for runs queued from now on;
     * this is much cheaper than instantiating. What the former work needs stays open too, and so does what this graph needs,
     * even if it cannot be taken.
     *
     * @return whether it could; if not, this graph is as before
     * @throws CudaException if something else failed
     * @throws IllegalStateException in a thread that captures
     */
    public GraphUpdate update(CudaGraph graph) {
        Capture.forbid("updating a graph");
        context.requireSame(graph.context(), "the graph");
        context.makeCurrent();
        graph.needed().forEach(this::needs);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = CUgraphExecUpdateResultInfo.allocate(arena);
            int status = cuda.cuGraphExecUpdate_v2(handle(), graph.handle(), result);
            if (status == cuda.CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE) {
                return GraphUpdate.refused(CUgraphExecUpdateResultInfo.result(result));
            }
            CudaDriver.check("cuGraphExecUpdate_v2", status);
        }
        users = java.util.stream.Stream.concat(Arrays.stream(users), users(graph.needed())).distinct()
                .toArray(UsingStreams[]::new);
        return GraphUpdate.DONE;
    }

    private static java.util.stream.Stream<UsingStreams> users(List<NativeObject> needed) {
        return needed.stream().mapMulti((object, found) -> {
            if (object instanceof PinnedMemory memory) {
                found.accept(memory.users());
            } else if (object instanceof Module module) {
                found.accept(module.users());
            }
        });
    }

    /**
     * Destroys it; a run of it that is under way goes on to its end. A second call does nothing.
     *
     * @throws IllegalStateException in a thread that captures; it stays open then
     */
    @Override
    public void close() {
        if (isOpen()) {
            Capture.forbid("closing an executable graph");
        }
        super.close();
    }

    @Override
    protected void destroy(MemorySegment handle) {
        context.makeCurrentToDestroy();
        context.checkDestroyed("cuGraphExecDestroy", cuda.cuGraphExecDestroy(handle));
    }
}
