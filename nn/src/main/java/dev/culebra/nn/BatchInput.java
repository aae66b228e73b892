package dev.culebra.nn;

import dev.culebra.runtime.Shape;

/** The checks of what comes with a batch, one number per position of (B, T). */
final class BatchInput {
    private BatchInput() {}

    /** Checks that there are B·T ids, each in 0..V-1 even where a mask hides it, and returns them. */
    static int[] requireIds(String what, int[] ids, Shape batch, int vocabulary) {
        if (ids.length != batch.elements()) {
            throw new IllegalArgumentException(ids.length + " " + what + " ids for a batch of " + batch);
        }
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= vocabulary) {
                int sequenceLength = batch.size(1);
                throw new IllegalArgumentException(what + " id " + ids[i] + " at sequence " + i / sequenceLength
                        + ", position " + i % sequenceLength + " lies outside the vocabulary of " + vocabulary);
            }
        }
        return ids;
    }

    static void requireMask(float[] mask, Shape batch) {
        if (mask.length != batch.elements()) {
            throw new IllegalArgumentException("a mask of " + mask.length + " for a batch of " + batch);
        }
    }
}
