package dev.culebra.runtime.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

import dev.culebra.bindings.onednn.dnnl;
import dev.culebra.runtime.NativeObject;

/**
 * A computation that oneDNN has compiled for fixed sizes and layouts.
 *
 * <p>Its arguments are declared once with {@link #argument}; before each {@link #execute} their addresses are set. The
 * memory behind the addresses is the caller's.
 */
public final class Primitive extends NativeObject {
    /** struct dnnl_exec_arg_t { int arg; dnnl_memory_t memory; }. */
    private static final int ARGUMENT_BYTES = 16;
    private static final int MAX_ARGUMENTS = 32;

    private final Engine engine;
    private final MemorySegment description;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment arguments = arena.allocate((long) ARGUMENT_BYTES * MAX_ARGUMENTS, 8);
    private final List<MemorySegment> memories = new ArrayList<>();
    private final int[] names = new int[MAX_ARGUMENTS];
    private final long[] addresses = new long[MAX_ARGUMENTS];
    private boolean usesScratchpad;

    private Primitive(Engine engine, MemorySegment description, MemorySegment handle) {
        super(handle);
        this.engine = engine;
        this.description = description;
    }

    /**
     * Compiles a computation.
     *
     * @param function the C function that describes it, for the message when it fails
     * @param describe calls that function with the address that receives the description
     */
    public static Primitive create(Engine engine, String function, ToIntFunction<MemorySegment> describe) {
        MemorySegment description = OneDnn.create(function, describe);
        Primitive primitive;
        try {
            primitive = new Primitive(engine, description, OneDnn.create("dnnl_primitive_create",
                    out -> dnnl.dnnl_primitive_create(out, description)));
        } catch (Throwable failure) {
            dnnl.dnnl_primitive_desc_destroy(description);
            throw failure;
        }
        return primitive.withScratchpad();
    }

    private Primitive withScratchpad() {
        try {
            long bytes = bytes(dnnl.DNNL_ARG_SCRATCHPAD);
            if (bytes > 0) {
                usesScratchpad = true;
                engine.reserveScratchpad(bytes);
                argument(dnnl.DNNL_ARG_SCRATCHPAD);
            }
            return this;
        } catch (Throwable failure) {
            close();
            throw failure;
        }
    }

    /** The description, as a hint for the backward computation that belongs to this one. */
    public MemorySegment description() {
        handle();
        return description;
    }

    /** The layout this primitive wants or gives for an argument ({@code DNNL_ARG_…}); the caller closes it. */
    public MemoryDescriptor layout(int argument) {
        MemorySegment borrowed = dnnl.dnnl_primitive_desc_query_md(description(), dnnl.dnnl_query_exec_arg_md,
                argument);
        if (borrowed.equals(MemorySegment.NULL)) {
            throw new IllegalArgumentException("this primitive has no argument " + argument);
        }
        return MemoryDescriptor.copyOf(borrowed);
    }

    /** How many bytes an argument takes. */
    public long bytes(int argument) {
        try (MemoryDescriptor layout = layout(argument)) {
            return layout.bytes();
        }
    }

    /** Declares that the primitive takes this argument in its own layout; a primitive that cannot is closed. */
    public Primitive argument(int name) {
        try (MemoryDescriptor layout = layout(name)) {
            return argument(name, layout);
        } catch (Throwable failure) {
            close();
            throw failure;
        }
    }

    /** Declares that the primitive takes this argument in the layout given; a primitive that cannot is closed. */
    public Primitive argument(int name, MemoryDescriptor layout) {
        int index = memories.size();
        MemorySegment memory;
        try {
            memory = OneDnn.create("dnnl_memory_create",
                    out -> dnnl.dnnl_memory_create(out, layout.handle(), engine.handle(), MemorySegment.NULL));
        } catch (Throwable failure) {
            close();
            throw failure;
        }
        memories.add(memory);
        names[index] = name;
        arguments.set(ValueLayout.JAVA_INT, (long) index * ARGUMENT_BYTES, name);
        arguments.set(ValueLayout.ADDRESS, (long) index * ARGUMENT_BYTES + 8, memory);
        return this;
    }

    /**
     * Says where an argument lies from now on.
     *
     * @throws IllegalStateException if the primitive is closed
     */
    public Primitive at(int name, long address) {
        for (int index = 0; index < memories.size(); index++) {
            if (names[index] == name) {
                if (addresses[index] != address) {
                    handle(); // Closing has destroyed the memories: oneDNN must not be handed one of them.
                    OneDnn.check("dnnl_memory_set_data_handle", dnnl.dnnl_memory_set_data_handle(
                            memories.get(index), MemorySegment.ofAddress(address)));
                    addresses[index] = address;
                }
                return this;
            }
        }
        throw new IllegalArgumentException("argument " + name + " was not declared");
    }

    /**
     * Computes, and returns when the result is there.
     *
     * @throws IllegalStateException if the primitive or its engine is closed
     */
    public void execute() {
        if (usesScratchpad) {
            // A primitive made later may have wanted more, elsewhere.
            at(dnnl.DNNL_ARG_SCRATCHPAD, engine.scratchpad());
        }
        OneDnn.check("dnnl_primitive_execute",
                dnnl.dnnl_primitive_execute(handle(), engine.stream(), memories.size(), arguments));
    }

    @Override
    protected void destroy(MemorySegment handle) {
        for (MemorySegment memory : memories) {
            OneDnn.check("dnnl_memory_destroy", dnnl.dnnl_memory_destroy(memory));
        }
        arena.close();
        OneDnn.check("dnnl_primitive_destroy", dnnl.dnnl_primitive_destroy(handle));
        OneDnn.check("dnnl_primitive_desc_destroy", dnnl.dnnl_primitive_desc_destroy(description));
    }
}
