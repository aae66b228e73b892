package dev.culebra.runtime.cpu;

import java.lang.foreign.MemorySegment;

/**
 * A thread's own arrays, that loops over native memory go through, a run of elements at a time: of loops over arrays the JIT
 * makes vector code, of loops over native memory it does not, since what is written might be what is read next.
 */
final class Scratch {
    private static final ThreadLocal<Scratch> OWN = ThreadLocal.withInitial(Scratch::new);

    private final float[][] floats = {{}, {}, {}, {}};
    private Bits bits = new Bits(0);

    private Scratch() {}

    /**
     * One of the calling thread's arrays, until somebody asks for it again.
     *
     * @param index which, from 0 to 3
     * @param count how many elements it has at least
     */
    static float[] floats(int index, int count) {
        Scratch own = OWN.get();
        if (own.floats[index].length < count) {
            own.floats[index] = new float[count];
        }
        return own.floats[index];
    }

    /** The same for the bits of such numbers. */
    static Bits bits(int count) {
        Scratch own = OWN.get();
        if (own.bits.array.length < count) {
            own.bits = new Bits(count);
        }
        return own.bits;
    }

    /**
     * An array of bits.
     *
     * @param array the bits
     * @param segment the same memory, kept, since a new one at each use would be more garbage than all else of a step
     */
    record Bits(int[] array, MemorySegment segment) {
        Bits(int count) {
            this(new int[count]);
        }

        private Bits(int[] array) {
            this(array, MemorySegment.ofArray(array));
        }
    }
}
