package dev.culebra.runtime.operation;

/**
 * Philox4x32-10, a random number generator without state: it scrambles a counter under a key (Salmon, Moraes, Dror,
 * Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3").
 */
final class Philox {
    private static final int ROUNDS = 10;
    private static final int MULTIPLIER_0 = 0xD2511F53;
    private static final int MULTIPLIER_1 = 0xCD9E8D57;
    private static final long WORD = 0xFFFFFFFFL;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;

    private Philox() {}

    /**
     * Replaces a counter by its random numbers.
     *
     * @param words the counter's four words, overwritten with four random words
     * @param key the key's two words, the first one in the lower half
     */
    static void encrypt(int[] words, long key) {
        int x0 = words[0];
        int x1 = words[1];
        int x2 = words[2];
        int x3 = words[3];
        int key0 = (int) key;
        int key1 = (int) (key >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            long product0 = Integer.toUnsignedLong(MULTIPLIER_0) * Integer.toUnsignedLong(x0);
            long product1 = Integer.toUnsignedLong(MULTIPLIER_1) * Integer.toUnsignedLong(x2);
            x0 = (int) (product1 >>> 32) ^ x1 ^ key0;
            x1 = (int) product1;
            x2 = (int) (product0 >>> 32) ^ x3 ^ key1;
            x3 = (int) product0;
            key0 += WEYL_0;
            key1 += WEYL_1;
        }
        words[0] = x0;
        words[1] = x1;
        words[2] = x2;
        words[3] = x3;
    }

    /**
     * The same for many counters under one key.
     *
     * @param x0 the first word of each, in the lower half of a number whose upper half is 0, overwritten with random words; {@code x1}
     *     to {@code x3} the others, as long
     */
    static void encrypt(long[] x0, long[] x1, long[] x2, long[] x3, long key) {
        int key0 = (int) key;
        int key1 = (int) (key >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            encryptOnce(x0, x1, x2, x3, Integer.toUnsignedLong(key0), Integer.toUnsignedLong(key1));
            key0 += WEYL_0;
            key1 += WEYL_1;
        }
    }

    /** The masks take nothing away from the words: the JIT learns from them that a product is one of 32 by 32 bits. */
    private static void encryptOnce(long[] x0, long[] x1, long[] x2, long[] x3, long key0, long key1) {
        for (int i = 0; i < x0.length; i++) {
            long product0 = Integer.toUnsignedLong(MULTIPLIER_0) * (x0[i] & WORD);
            long product1 = Integer.toUnsignedLong(MULTIPLIER_1) * (x2[i] & WORD);
            x0[i] = (product1 >>> 32) ^ x1[i] ^ key0;
            x1[i] = product1 & WORD;
            x2[i] = (product0 >>> 32) ^ x3[i] ^ key1;
            x3[i] = product0 & WORD;
        }
    }
}
