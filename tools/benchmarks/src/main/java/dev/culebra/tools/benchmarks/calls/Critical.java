package dev.culebra.tools.benchmarks.calls;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

import dev.culebra.bindings.Native;

/**
 * Downcalls that leave the thread in the state of running Java: the JVM can stop for nothing, not even for a collection of
 * garbage, before they return. That is only for functions that return at once, so the bindings, which know nothing of what a
 * function does, never do it.
 */
final class Critical {
    private Critical() {}

    /** A handle that calls a function in this way. */
    static MethodHandle handle(MemorySegment address, FunctionDescriptor descriptor) {
        return Native.downcallHandle(descriptor, Linker.Option.critical(false)).bindTo(address);
    }
}
