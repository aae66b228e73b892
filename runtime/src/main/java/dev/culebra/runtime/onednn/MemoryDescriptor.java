package dev.culebra.runtime.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.culebra.bindings.onednn.dnnl;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.NativeObject;

/** The sizes, element type and layout of a block of memory. Close it when the primitives made of it exist. */
public final class MemoryDescriptor extends NativeObject {
    private MemoryDescriptor(MemorySegment handle) {
        super(handle);
    }

    /** Contiguous and row-major. */
    public static MemoryDescriptor rowMajor(DataType type, long... sizes) {
        long[] strides = new long[sizes.length];
        long stride = 1;
        for (int axis = sizes.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= sizes[axis];
        }
        return strided(type, sizes, strides);
    }

    /** With the distance, in elements, between neighbours along each axis. */
    public static MemoryDescriptor strided(DataType type, long[] sizes, long[] strides) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment dims = arena.allocateFrom(ValueLayout.JAVA_LONG, sizes);
            MemorySegment steps = arena.allocateFrom(ValueLayout.JAVA_LONG, strides);
            return new MemoryDescriptor(OneDnn.create("dnnl_memory_desc_create_with_strides", out -> dnnl
                    .dnnl_memory_desc_create_with_strides(out, sizes.length, dims, OneDnn.type(type), steps)));
        }
    }

    /** In one of oneDNN's named layouts, a {@code dnnl_format_tag_t}. */
    private static MemoryDescriptor tagged(DataType type, int tag, long... sizes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment dims = arena.allocateFrom(ValueLayout.JAVA_LONG, sizes);
            return new MemoryDescriptor(OneDnn.create("dnnl_memory_desc_create_with_tag",
                    out -> dnnl.dnnl_memory_desc_create_with_tag(out, sizes.length, dims, OneDnn.type(type), tag)));
        }
    }

    /** In whatever layout the primitive made of it computes fastest: ask the primitive which that is. */
    public static MemoryDescriptor any(DataType type, long... sizes) {
        return tagged(type, dnnl.dnnl_format_tag_any, sizes);
    }

    /** A copy of a descriptor that somebody else owns. */
    static MemoryDescriptor copyOf(MemorySegment borrowed) {
        return new MemoryDescriptor(
                OneDnn.create("dnnl_memory_desc_clone", out -> dnnl.dnnl_memory_desc_clone(out, borrowed)));
    }

    /** How many bytes a block of this description takes. */
    public long bytes() {
        return dnnl.dnnl_memory_desc_get_size(handle());
    }

    @Override
    protected void destroy(MemorySegment handle) {
        OneDnn.check("dnnl_memory_desc_destroy", dnnl.dnnl_memory_desc_destroy(handle));
    }
}
