package dev.culebra.bindings.nvtx;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import dev.culebra.bindings.NativeLibraries;
import dev.culebra.testing.NvidiaLibraries;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Calls NVTX itself. No profiler listens, so every call returns at once and says so. */
class NvtxTest {
    @BeforeAll
    static void load() {
        NvidiaLibraries.load(NativeLibraries.NVTX);
        assumeTrue(System.getenv("NVTX_INJECTION64_PATH") == null, "a profiler listens");
    }

    @Test
    void rangesAreNotTrackedWithoutAProfiler() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom("step");
            nvtx.nvtxInitialize(MemorySegment.NULL);
            nvtx.nvtxMarkA(name);
            assertEquals(nvtx.NVTX_NO_PUSH_POP_TRACKING, nvtx.nvtxRangePushA(name));
            assertEquals(nvtx.NVTX_NO_PUSH_POP_TRACKING, nvtx.nvtxRangePop());
            assertEquals(0, nvtx.nvtxRangeStartA(name));
            nvtx.nvtxRangeEnd(0);
            assertEquals(MemorySegment.NULL, nvtx.nvtxDomainCreateA(name));
        }
    }

    @Test
    void attributesAreAsLongAsTheyMustSay() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = nvtxEventAttributes_t.allocate(arena);
            nvtxEventAttributes_t.version(attributes, (short) nvtx.NVTX_VERSION);
            nvtxEventAttributes_t.size(attributes, (short) nvtx.NVTX_EVENT_ATTRIB_STRUCT_SIZE);
            nvtxEventAttributes_t.messageType(attributes, nvtx.NVTX_MESSAGE_TYPE_ASCII);
            assertEquals(nvtxEventAttributes_t.sizeof(), nvtx.NVTX_EVENT_ATTRIB_STRUCT_SIZE);
            assertEquals(nvtx.NVTX_NO_PUSH_POP_TRACKING, nvtx.nvtxRangePushEx(attributes));
        }
    }
}
