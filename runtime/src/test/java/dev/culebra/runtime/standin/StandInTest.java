package dev.culebra.runtime.standin;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

import dev.culebra.bindings.cuda.cuda;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The stand-in, or a GPU, as the raw bindings see it. */
class StandInTest {
    private static final int OK = cuda.CUDA_SUCCESS;

    private Arena arena;

    @BeforeAll
    static void device() {
        StandIn.activate();
        assertEquals(OK, cuda.cuInit(0));
    }

    @BeforeEach
    void context() {
        arena = Arena.ofConfined();
        MemorySegment context = arena.allocate(ValueLayout.ADDRESS);
        assertEquals(OK, cuda.cuDevicePrimaryCtxRetain(context, 0));
        assertEquals(OK, cuda.cuCtxSetCurrent(context.get(ValueLayout.ADDRESS, 0)));
    }

    @AfterEach
    void release() {
        StandIn.failNone();
        assertEquals(OK, cuda.cuDevicePrimaryCtxRelease(0));
        arena.close();
    }

    @Test
    void whatIsCopiedToTheDeviceComesBack() {
        MemorySegment address = arena.allocate(ValueLayout.JAVA_LONG);
        assertEquals(OK, cuda.cuMemAlloc(address, 12));
        long memory = address.get(ValueLayout.JAVA_LONG, 0);
        MemorySegment sent = arena.allocateFrom(ValueLayout.JAVA_INT, 1, 2, 3);
        MemorySegment received = arena.allocate(12);
        assertEquals(OK, cuda.cuMemcpyHtoD(memory, sent, 12));
        assertEquals(OK, cuda.cuMemcpyDtoH(received, memory, 12));
        assertEquals(-1, sent.mismatch(received));
        assertEquals(cuda.CUDA_ERROR_INVALID_VALUE, cuda.cuMemcpyHtoD(memory, sent, 1 << 30));
        assertEquals(OK, cuda.cuMemFree(memory));
        assertEquals(cuda.CUDA_ERROR_INVALID_VALUE, cuda.cuMemFree(memory));
    }

    @Test
    void theStandInSaysWhatItIs() {
        MemorySegment name = arena.allocate(100);
        assertEquals(OK, cuda.cuDeviceGetName(name, 100, 0));
        assertEquals(StandIn.isActive(), name.getString(0).equals("Culebra stand-in device (not a GPU)"));
    }

    @Test
    void aCallFailsWhenAskedToAfterAsManyAsAskedFor() {
        StandIn.failNext("cuMemAlloc", cuda.CUDA_ERROR_OUT_OF_MEMORY, 1);
        MemorySegment address = arena.allocate(ValueLayout.JAVA_LONG);
        assertEquals(OK, cuda.cuMemAlloc(address, 4));
        assertEquals(1, StandIn.liveObjectsByKind().get("memory"));
        assertEquals(OK, cuda.cuMemFree(address.get(ValueLayout.JAVA_LONG, 0)));
        assertEquals(cuda.CUDA_ERROR_OUT_OF_MEMORY, cuda.cuMemAlloc(address, 4));
        assertTrue(StandIn.liveObjectsByKind().get("memory") == null);
        assertEquals(OK, cuda.cuMemAlloc(address, 4));
        assertEquals(OK, cuda.cuMemFree(address.get(ValueLayout.JAVA_LONG, 0)));
    }

    @Test
    void theLogNamesEachCallWithItsArguments() {
        StandIn.clearCallLog();
        assertEquals(OK, cuda.cuCtxSynchronize());
        assertEquals(cuda.CUDA_ERROR_INVALID_VALUE, cuda.cuMemFree(64));
        if (StandIn.isActive()) {
            assertEquals(List.of("cuCtxSynchronize()", "cuMemFree(64)"), StandIn.callLog());
        }
    }
}
