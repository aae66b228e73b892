package dev.culebra.runtime.driver;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.culebra.runtime.NativeObject;

/** What is known of a capture under way: what the graph will need, on whichever stream that is used. */
final class Capture {
    /** The capture that this thread began and has not ended. */
    private static final ThreadLocal<Capture> OF_THREAD = new ThreadLocal<>();
    private static final Set<Capture> ACTIVE = ConcurrentHashMap.newKeySet();

    private final Device device;
    /** Guarded by itself, since several threads may queue work on streams of one capture. */
    private final Set<NativeObject> needed = Collections.newSetFromMap(new IdentityHashMap<>());
    private volatile boolean active = true;

    /** Begins in the calling thread. */
    Capture(Device device) {
        this.device = device;
        OF_THREAD.set(this);
        ACTIVE.add(this);
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

    /** Throws if any thread is capturing on the device: what concerns all its streams would ruin the capture. */
    static void forbidOn(Device device, String what) {
        for (Capture capture : ACTIVE) {
            if (capture.device.equals(device)) {
                throw new IllegalStateException(
                        what + " is not possible while a thread captures: do it before, or wait for a stream");
            }
        }
    }

    boolean isActive() {
        return active;
    }

    /** Ends it; returns what the graph needs. */
    List<NativeObject> end() {
        active = false;
        OF_THREAD.remove();
        ACTIVE.remove(this);
        synchronized (needed) {
            List<NativeObject> all = new ArrayList<>(needed);
            // Events and streams remember their last capture: they need not keep all that for longer.
            needed.clear();
            return all;
        }
    }

    void needs(NativeObject object) {
        synchronized (needed) {
            needed.add(object);
        }
    }
}
