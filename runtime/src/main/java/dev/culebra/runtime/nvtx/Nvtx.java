package dev.culebra.runtime.nvtx;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.culebra.bindings.MissingLibraryException;
import dev.culebra.bindings.NativeLibraries;
import dev.culebra.bindings.nvtx.nvtx;
import dev.culebra.bindings.nvtx.nvtxEventAttributes_t;

/**
 * Ranges and marks for profilers. Safe for use by several threads: each has ranges of its own. Those of a virtual thread are
 * shown as the process's, since it moves from one thread of the operating system to another.
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
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(name);
            if (Thread.currentThread().isVirtual()) {
                return new Range(Thread.currentThread(), nvtx.nvtxRangeStartA(text));
            }
            nvtx.nvtxRangePushA(text);
        }
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
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = event(name, rgb, arena);
            if (Thread.currentThread().isVirtual()) {
                return new Range(Thread.currentThread(), nvtx.nvtxRangeStartEx(event));
            }
            nvtx.nvtxRangePushEx(event);
        }
        return new Range(Thread.currentThread(), 0);
    }

    /** Marks this moment. */
    public static void mark(String name) {
        if (AVAILABLE) {
            try (Arena arena = Arena.ofConfined()) {
                nvtx.nvtxMarkA(arena.allocateFrom(name));
            }
        }
    }

    private static MemorySegment event(String name, int rgb, Arena arena) {
        MemorySegment event = nvtxEventAttributes_t.allocate(arena);
        nvtxEventAttributes_t.version(event, (short) nvtx.NVTX_VERSION);
        nvtxEventAttributes_t.size(event, (short) nvtxEventAttributes_t.sizeof());
        nvtxEventAttributes_t.colorType(event, nvtx.NVTX_COLOR_ARGB);
        nvtxEventAttributes_t.color(event, 0xff000000 | rgb);
        nvtxEventAttributes_t.messageType(event, nvtx.NVTX_MESSAGE_TYPE_ASCII);
        nvtxEventAttributes_t.message(event).set(ValueLayout.ADDRESS, 0, arena.allocateFrom(name));
        return event;
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
