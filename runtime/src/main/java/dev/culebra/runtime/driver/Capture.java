package dev.culebra.runtime.driver;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import dev.culebra.runtime.NativeObject;

/** What is known of a capture under way: what the graph will need, on whichever stream that is used. */
final class Capture {
    /** The capture that this thread began and has not ended. */
    private static final ThreadLocal<Capture> OF_THREAD = new ThreadLocal<>();

    private final Set<NativeObject> needed = Collections.newSetFromMap(new IdentityHashMap<>());
    private volatile boolean active = true;

    /** Begins in the calling thread. */
    Capture() {
        OF_THREAD.set(this);
    }

    /**
     * Throws if the calling thread is capturing: the driver would refuse what follows, and the capture would be lost.
     */
    static void forbid(String what) {
        Capture capture = OF_THREAD.get();
        if (capture != null && capture.active) {
            throw new IllegalStateException(what + " is not possible in a capture: do it before");
        }
    }

    boolean isActive() {
        return active;
    }

    void end() {
        active = false;
        OF_THREAD.remove();
    }

    void needs(NativeObject object) {
        needed.add(object);
    }

    List<NativeObject> needed() {
        return new ArrayList<>(needed);
    }
}
