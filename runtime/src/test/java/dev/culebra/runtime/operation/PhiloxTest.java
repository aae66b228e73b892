package dev.culebra.runtime.operation;

import java.util.Arrays;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

/** The known answers of Philox4x32-10 that come with the authors' library Random123, file {@code kat_vectors}. */
class PhiloxTest {
    @Test
    void zeros() {
        assertEncrypted(new int[] {0, 0, 0, 0}, 0L, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    }

    @Test
    void ones() {
        assertEncrypted(new int[] {-1, -1, -1, -1}, -1L, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    }

    @Test
    void digitsOfPi() {
        assertEncrypted(new int[] {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0x299f31d0_a4093822L, 0xd16cfe09,
                0x94fdcceb, 0x5001e420, 0x24126ea1);
    }

    private static void assertEncrypted(int[] counter, long key, int... expected) {
        long[][] lanes = new long[4][3];
        for (int word = 0; word < 4; word++) {
            Arrays.fill(lanes[word], Integer.toUnsignedLong(counter[word]));
        }
        Philox.encrypt(lanes[0], lanes[1], lanes[2], lanes[3], key);
        for (int word = 0; word < 4; word++) {
            long[] same = new long[3];
            Arrays.fill(same, Integer.toUnsignedLong(expected[word]));
            assertArrayEquals(same, lanes[word]);
        }
        Philox.encrypt(counter, key);
        assertArrayEquals(expected, counter);
    }
}
