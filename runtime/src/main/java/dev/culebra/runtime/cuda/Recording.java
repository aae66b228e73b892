package dev.culebra.runtime.cuda;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * What the host does beside queueing work while that is recorded, and has to do again each time the recorded work runs:
 * count modifications, and renew copies.
 */
final class Recording {
    private final Set<CudaStorage> copied = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<CudaStorage> modified = Collections.newSetFromMap(new IdentityHashMap<>());

    /** The work reads the copy in bfloat16 of this storage. */
    void readsCopyOf(CudaStorage storage) {
        copied.add(storage);
    }

    /** The work modifies this storage. */
    void modifies(CudaStorage storage) {
        modified.add(storage);
    }

    /** Queues what has to happen before the work. */
    void before() {
        copied.forEach(CudaStorage::renewCopy);
    }

    /** To be done after the work was queued. */
    void after() {
        modified.forEach(CudaStorage::markModified);
    }
}
