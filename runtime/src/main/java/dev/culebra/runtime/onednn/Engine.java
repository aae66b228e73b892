package dev.culebra.runtime.onednn;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

import dev.culebra.bindings.onednn.dnnl;
import dev.culebra.runtime.HostStorage;
import dev.culebra.runtime.NativeObject;

/**
 * The CPU as oneDNN sees it, with one in-order stream of work and the scratch memory that its primitives share. One thread
 * at a time, but not always the same one.
 */
public final class Engine extends NativeObject {
    private final MemorySegment stream;
    private final Attributes plain;
    private final AtomicLong workspaceBytes = new AtomicLong();
    private HostStorage scratchpad = allocate(0);

    private Engine(MemorySegment handle) {
        super(handle);
        try {
            stream = OneDnn.create("dnnl_stream_create",
                    out -> dnnl.dnnl_stream_create(out, handle, dnnl.dnnl_stream_default_flags));
            plain = new Attributes();
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

    /** The attributes of primitives that do nothing beside their computation. */
    Attributes plain() {
        return plain;
    }

    /** Zeroed memory for a user of this engine, whose it is to close, beside the tensors that it is given. */
    public HostStorage allocate(long bytes) {
        return HostStorage.allocateNative(bytes, workspaceBytes::addAndGet);
    }

    /** How much of such memory there is, the scratch memory included, in bytes. */
    public long workspaceBytes() {
        return workspaceBytes.get();
    }

    /** Makes the scratch memory at least this large; what lay in it is lost. */
    void reserveScratchpad(long bytes) {
        if (bytes > scratchpad.bytes()) {
            scratchpad.close();
            scratchpad = allocate(bytes);
        }
    }

    /** The address of the scratch memory. */
    long scratchpad() {
        return scratchpad.segment().address();
    }

    @Override
    protected void destroy(MemorySegment handle) {
        scratchpad.close();
        if (plain != null) {
            plain.close();
        }
        if (stream != null) {
            OneDnn.check("dnnl_stream_destroy", dnnl.dnnl_stream_destroy(stream));
        }
        OneDnn.check("dnnl_engine_destroy", dnnl.dnnl_engine_destroy(handle));
    }
}
