package dev.culebra.runtime.nccl;

import java.util.List;

import dev.culebra.bindings.NativeLibraries;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.OnGpu;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.testing.NvidiaLibraries;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** A group of one GPU, which is all that a machine needs to have. */
class NcclGpuTest extends OnGpu {
    private static final double[] VALUES = {1.5, -2, 0, 3, 1024, -0.25, 7};

    @BeforeAll
    static void load() {
        NvidiaLibraries.load(NativeLibraries.NCCL);
    }

    @ParameterizedTest
    @EnumSource
    void whatOneMemberReducesIsItsOwn(Reduction reduction) {
        try (Communicator member = Communicator.join(context, UniqueId.create(), 1, 0)) {
            assertEquals(0, member.rank());
            assertEquals(1, member.size());
            for (DataType type : List.of(DataType.F32, DataType.BF16, DataType.F64)) {
                DeviceMemory sent = numbers(type, VALUES);
                DeviceMemory received = unwritten(sent.bytes());
                member.allReduce(sent, received, type, reduction, stream);
                assertArrayEquals(VALUES, numbers(type, received), type.name());
                member.allReduce(sent, sent, type, reduction, stream);
                assertArrayEquals(VALUES, numbers(type, sent), type + " in place");
            }
            assertDoesNotThrow(member::checkAsynchronous);
        }
    }

    @Test
    void allGpusOfAProcessFormAGroup() {
        List<Communicator> members = Communicator.all(List.of(context));
        assertEquals(1, members.size());
        try (Communicator member = members.getFirst()) {
            DeviceMemory values = numbers(DataType.F32, VALUES);
            member.allReduce(values, values, DataType.F32, Reduction.SUM, stream);
            assertArrayEquals(VALUES, numbers(DataType.F32, values));
        }
    }

    @Test
    void misuseIsRefused() {
        Communicator member = Communicator.join(context, UniqueId.create(), 1, 0);
        DeviceMemory values = numbers(DataType.F32, VALUES);
        assertThrows(IllegalStateException.class, context::close, "the member needs it");
        assertThrows(IllegalArgumentException.class,
                () -> member.allReduce(values, values.slice(0, 4), DataType.F32, Reduction.SUM, stream));
        member.close();
        member.close();
        assertThrows(IllegalStateException.class,
                () -> member.allReduce(values, values, DataType.F32, Reduction.SUM, stream));
        assertThrows(IllegalStateException.class, member::checkAsynchronous);
    }
}
