package dev.culebra.runtime.nccl;

import java.util.Arrays;
import java.util.Optional;

import dev.culebra.bindings.NativeLibraries;
import dev.culebra.runtime.DataType;
import dev.culebra.testing.NvidiaLibraries;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NcclTest {
    @BeforeAll
    static void load() {
        NvidiaLibraries.load(NativeLibraries.NCCL);
    }

    @Test
    void theLibraryIsOfTheHeadersGeneration() {
        assertEquals("2.30.7", Nccl.headerVersion());
        assertTrue(Nccl.version().matches("2\\.\\d+\\.\\d+"), Nccl.version());
    }

    @ParameterizedTest
    @CsvSource({"1, ncclUnhandledCudaError, unhandled cuda error", "2, ncclSystemError, unhandled system error",
        "3, ncclInternalError, internal error", "4, ncclInvalidArgument, invalid argument",
        "5, ncclInvalidUsage, invalid usage", "6, ncclRemoteError, remote process exited",
        "7, ncclInProgress, NCCL operation in progress", "8, ncclTimeout, timeout"})
    void failureSaysFunctionNumberNameAndText(int status, String name, String text) {
        NcclException failure = assertThrows(NcclException.class, () -> Nccl.check("ncclAllReduce", status));
        assertEquals("ncclAllReduce", failure.function());
        assertEquals(status, failure.status());
        assertEquals(Optional.of(name), failure.name());
        assertTrue(failure.getMessage().startsWith(name + " (" + status + ") from ncclAllReduce: " + text),
                failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 99, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void unknownStatusIsANumber(int status) {
        NcclException failure = assertThrows(NcclException.class, () -> Nccl.check("ncclAllReduce", status));
        assertEquals(Optional.empty(), failure.name());
        assertTrue(failure.getMessage().startsWith("status " + status + " from ncclAllReduce: unknown result code"),
                failure.getMessage());
    }

    @Test
    void successPasses() {
        assertDoesNotThrow(() -> Nccl.check("ncclAllReduce", 0));
    }

    /** The numbers of {@code ncclDataType_t} and {@code ncclRedOp_t} in the vendor's documentation. */
    @Test
    void typesAndReductionsHaveTheirCodes() {
        assertArrayEquals(new int[] {7, 9, 8, 2}, new int[] {Nccl.type(DataType.F32), Nccl.type(DataType.BF16),
            Nccl.type(DataType.F64), Nccl.type(DataType.I32)});
        assertArrayEquals(new int[] {0, 4, 2, 3}, new int[] {Reduction.SUM.code(), Reduction.MEAN.code(),
            Reduction.MAXIMUM.code(), Reduction.MINIMUM.code()});
    }

    @Test
    void idsDifferAndTravelAsBytes() {
        UniqueId first = UniqueId.create();
        byte[] bytes = first.toBytes();
        assertEquals(128, bytes.length);
        assertFalse(Arrays.equals(bytes, UniqueId.create().toBytes()), "two groups with one id");
        UniqueId travelled = UniqueId.of(bytes);
        assertArrayEquals(bytes, travelled.toBytes());
        bytes[0]++;
        travelled.toBytes()[1]++;
        assertArrayEquals(first.toBytes(), travelled.toBytes(), "it keeps its own copy");
        assertEquals("an id has 128 bytes, not 127", assertThrows(IllegalArgumentException.class,
                () -> UniqueId.of(Arrays.copyOf(bytes, 127))).getMessage());
    }
}
