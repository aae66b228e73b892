package dev.culebra.runtime.nvtx;

import java.lang.foreign.MemorySegment;

import dev.culebra.bindings.MissingLibraryException;
import dev.culebra.bindings.NativeLibraries;
import dev.culebra.bindings.nvtx.nvtx;

/**
 * Ranges and marks for profilers. Safe for use by several threads: each has ranges of its own. Those of a virtual thread are
 * shown as the process's, since it moves from one thread of the operating system to another. A range costs Java one small
 * object, a mark none.
 */
public final class Nvtx {
    private static final boolean AVAILABLE = isLibraryThere();

    private Nvtx() {}

    /** Whether the library is there; if not, nothing here does anything. */
    public static boolean isAvailable() {
        return AVAILABLE;
    }

    /**
     * Opens a range of time, which its {@link Range#close} ends:
     * {@code try (Range step = Nvtx.range("step")) { ... }}.
     */
    public static Range range(String name) {
        if (!AVAILABLE) {
            return Range.NONE;
        }
        MemorySegment text = Message.text(name);
        if (Thread.currentThread().isVirtual()) {
            return new Range(Thread.currentThread(), nvtx.nvtxRangeStartA(text));
        }
        nvtx.nvtxRangePushA(text);
        return new Range(Thread.currentThread(), 0);
    }

    /**
     * Opens a range in a colour.
     *
     * @param rgb red, green and blue, each a byte, as in {@code 0x76b900}
     */
    public static Range range(String name, int rgb) {
        if (!AVAILABLE) {
            return Range.NONE;
        }
        MemorySegment event = Message.event(name, rgb);
        if (Thread.currentThread().isVirtual()) {
            return new Range(Thread.currentThread(), nvtx.nvtxRangeStartEx(event));
        }
        nvtx.nvtxRangePushEx(event);
        return new Range(Thread.currentThread(), 0);
    }

    /** Marks this moment. */
    public static void mark(String name) {
        if (AVAILABLE) {
            nvtx.nvtxMarkA(Message.text(name));
        }
    }

    private static boolean isLibraryThere() {
        try {
            NativeLibraries.NVTX.load();
            return true;
        } catch (MissingLibraryException absent) {
            return false;
        }
    }
}
