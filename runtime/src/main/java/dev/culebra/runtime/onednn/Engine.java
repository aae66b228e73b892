package dev.culebra.runtime.onednn;

import java.lang.foreign.MemorySegment;

import dev.culebra.bindings.onednn.dnnl;

/** The CPU as oneDNN sees it, with one in-order stream of work. */
public final class Engine extends NativeObject {
    private final MemorySegment stream;

    private Engine(MemorySegment handle) {
        super(handle);
        try {
            stream = OneDnn.create("dnnl_stream_create",
                    out -> dnnl.dnnl_stream_create(out, handle, dnnl.dnnl_stream_default_flags));
        } catch (Throwable failure) {
            close();
            throw failure;
        }
    }

    /** Opens the CPU. */
    public static Engine cpu() {
        return new Engine(OneDnn.create("dnnl_engine_create", out -> dnnl.dnnl_engine_create(out, dnnl.dnnl_cpu, 0)));
    }

    /**
     * The stream of work.
     *
     * @throws IllegalStateException if the engine is closed
     */
    MemorySegment stream() {
        handle();
        return stream;
    }

    @Override
    protected void destroy(MemorySegment handle) {
        if (stream != null) {
            OneDnn.check("dnnl_stream_destroy", dnnl.dnnl_stream_destroy(stream));
        }
        OneDnn.check("dnnl_engine_destroy", dnnl.dnnl_engine_destroy(handle));
    }
}
