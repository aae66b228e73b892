package dev.culebra.runtime.nccl;

import java.util.List;

import dev.culebra.bindings.NativeLibraries;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.driver.Context;
import dev.culebra.runtime.driver.Device;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.DeviceRegion;
import dev.culebra.runtime.driver.MemoryPool;
import dev.culebra.runtime.driver.OnDevice;
import dev.culebra.runtime.driver.Stream;
import dev.culebra.runtime.standin.StandIn;
import dev.culebra.testing.NvidiaLibraries;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What NCCL refuses before, or for want of, a GPU. */
class CommunicatorTest extends OnDevice {
    @BeforeAll
    static void load() {
        NvidiaLibraries.load(NativeLibraries.NCCL);
    }

    @Test
    void withoutAGpuNobodyJoinsAndNothingIsLeftBehind() {
        assumeTrue(StandIn.isActive(), "skipped: there is a GPU");
        Context own = Context.of(Device.of(0));
        NcclException joined = assertThrows(NcclException.class, () -> Communicator.join(own, UniqueId.create(), 1, 0));
        assertEquals("ncclCommInitRank", joined.function());
        assertEquals("ncclUnhandledCudaError", joined.name().orElseThrow());
        NcclException all = assertThrows(NcclException.class, () -> Communicator.all(List.of(own)));
        assertEquals("ncclCommInitAll", all.function());
        assertDoesNotThrow(own::close, "no member needs it");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, -1", "0, 0", "-1, 0"})
    void aRankIsOneOfTheGroup(int size, int rank) {
        UniqueId id = UniqueId.create();
        assertEquals("a group of " + size + " has no rank " + rank, assertThrows(IllegalArgumentException.class,
                () -> Communicator.join(context, id, size, rank)).getMessage());
    }

    @Test
    void aGroupHasEachGpuOnceAndOpen() {
        assertThrows(IllegalArgumentException.class, () -> Communicator.all(List.of()));
        assertThrows(IllegalArgumentException.class, () -> Communicator.all(List.of(context, context)));
        Context closed = Context.of(Device.of(0));
        closed.close();
        assertThrows(IllegalStateException.class, () -> Communicator.all(List.of(closed)));
        UniqueId id = UniqueId.create();
        assertThrows(IllegalStateException.class, () -> Communicator.join(closed, id, 1, 0));
    }

    @Test
    void bothSidesOfAReductionHoldAsManyElements() {
        try (DeviceMemory sent = pool.allocate(24, stream); DeviceMemory received = pool.allocate(24, stream)) {
            assertEquals(6, Communicator.elements(sent, received, DataType.F32, stream));
            assertEquals(12, Communicator.elements(sent, received, DataType.BF16, stream));
            assertEquals(3, Communicator.elements(sent, sent, DataType.F64, stream));
            assertEquals("24 bytes that are sent and 20 that are received do not hold as many F32",
                    refusal(sent, received.slice(0, 20)));
            assertEquals("22 bytes that are sent and 22 that are received do not hold as many F32",
                    refusal(sent.slice(0, 22), received.slice(0, 22)));
        }
    }

    private String refusal(DeviceRegion sent,
            DeviceRegion received) {
        return assertThrows(IllegalArgumentException.class,
                () -> Communicator.elements(sent, received, DataType.F32, stream)).getMessage();
    }

    @Test
    void freedMemoryAndThatOfAnotherDeviceAreRefused() {
        try (DeviceMemory memory = pool.allocate(24, stream)) {
            DeviceMemory freed = pool.allocate(24, stream);
            freed.close();
            assertThrows(IllegalStateException.class,
                    () -> Communicator.elements(memory, freed, DataType.F32, stream));
            assumeTrue(Device.count() > 1, "skipped: there is one device");
            try (Context second = Context.of(Device.of(1));
                    Stream other = Stream.create(second);
                    MemoryPool otherPool = MemoryPool.create(second, 0);
                    DeviceMemory there = otherPool.allocate(24, other)) {
                assertEquals("what is received belongs to device 1, not to device 0", refusal(memory, there));
            }
        }
    }
}
