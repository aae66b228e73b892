package dev.culebra.runtime.cublaslt;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RememberedAlgorithmTest {
    private static final RememberedAlgorithm ALGORITHM = new RememberedAlgorithm("a product on an H200 – é",
            List.of(0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, 4L, 5L, 6L, 0x0102030405060708L));

    @Test
    void bytesAndBack() {
        byte[] bytes = ALGORITHM.toBytes();
        assertEquals(ALGORITHM, RememberedAlgorithm.fromBytes(bytes));
        assertEquals("CBLA", new String(bytes, 0, 4, java.nio.charset.StandardCharsets.US_ASCII));
        assertEquals(8, bytes[bytes.length - 1], "big-endian");
    }

    @Test
    void damagedBytesAreRefused() {
        byte[] bytes = ALGORITHM.toBytes();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(IllegalArgumentException.class, () -> RememberedAlgorithm.fromBytes(cut));
        }
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 3);
        assertEquals("a remembered algorithm with 3 bytes too many",
                assertThrows(IllegalArgumentException.class, () -> RememberedAlgorithm.fromBytes(longer)).getMessage());
        for (int position : new int[] {0, 7}) {
            byte[] other = bytes.clone();
            other[position]++;
            assertEquals("not a remembered algorithm of version 1", assertThrows(IllegalArgumentException.class,
                    () -> RememberedAlgorithm.fromBytes(other)).getMessage());
        }
    }

    @Test
    void theStateHasEightNumbersAndIsCopied() {
        List<Long> seven = Collections.nCopies(7, 1L);
        assertThrows(IllegalArgumentException.class, () -> new RememberedAlgorithm("key", seven));
        assertThrows(IllegalArgumentException.class, () -> new MatmulAlgorithm(seven, 0, 1));
        Long[] state = {1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L};
        RememberedAlgorithm kept = new RememberedAlgorithm("key", Arrays.asList(state));
        state[0] = 9L;
        assertEquals(1L, kept.state().getFirst());
        assertTrue(kept.equals(new RememberedAlgorithm("key", List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L))));
    }
}
