package dev.culebra.runtime.cpu;

import dev.culebra.runtime.Storage;
import dev.culebra.runtime.Tensor;

/**
 * What a copy of a weight was made from: which storage, at which of its versions, and where in it. All three count, since
 * one operation may be used with several weights, whose versions may well be equal.
 */
final class CopyOrigin {
    private Storage storage;
    private long version;
    private long offset;

    /** Whether the copy still equals {@code weight}. */
    boolean is(Tensor weight) {
        return weight.storage() == storage && storage.version() == version && weight.byteOffset() == offset;
    }

    /** The copy has just been made from {@code weight}. */
    void becomes(Tensor weight) {
        storage = weight.storage();
        version = storage.version();
        offset = weight.byteOffset();
    }
}
