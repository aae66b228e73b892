package dev.culebra.runtime.cuda;

/** Work that cannot become a CUDA graph, though it can be done; the cause is the call that said so. */
public final class GraphRecordingException extends RuntimeException {
    private static final long serialVersionUID = 1;

    GraphRecordingException(RuntimeException cause) {
        super("this work cannot be recorded as a CUDA graph: " + cause.getMessage() + "; run it with --no-graph",
                cause);
    }
}
