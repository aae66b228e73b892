package dev.culebra.bindings.nccl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.NativeLibraries;
import dev.culebra.testing.NvidiaLibraries;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Calls NCCL itself, as far as it needs no GPU. */
class NcclTest {
    @BeforeAll
    static void load() {
        NvidiaLibraries.load(NativeLibraries.NCCL);
    }

    @Test
    void versionIsThatOfTheHeaders() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment version = arena.allocate(Native.C_INT);
            assertEquals(nccl.ncclSuccess, nccl.ncclGetVersion(version));
            assertEquals(nccl.NCCL_VERSION_CODE, version.get(Native.C_INT, 0));
            assertEquals(nccl.NCCL_MAJOR * 10000 + nccl.NCCL_MINOR * 100 + nccl.NCCL_PATCH,
                    version.get(Native.C_INT, 0));
            assertEquals(nccl.ncclSuccess, nccl.pncclGetVersion(version));
        }
    }

    @Test
    void statusHasAText() {
        assertEquals("no error", nccl.ncclGetErrorString(nccl.ncclSuccess).getString(0));
        assertEquals("invalid argument (run with NCCL_DEBUG=WARN for details)",
                nccl.ncclGetErrorString(nccl.ncclInvalidArgument).getString(0));
        assertEquals("unknown result code", nccl.ncclGetErrorString(4711).getString(0));
    }

    @Test
    void missingCommunicatorComesBackAsStatus() {
        try (Arena arena = Arena.ofConfined()) {
            assertEquals(nccl.ncclInvalidArgument,
                    nccl.ncclCommCount(MemorySegment.NULL, arena.allocate(Native.C_INT)));
            assertEquals("CommCount : comm argument is NULL",
                    nccl.ncclGetLastError(MemorySegment.NULL).getString(0).strip());
        }
    }
}
