package dev.culebra.runtime.driver;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import dev.culebra.runtime.NativeObject;

/** What is known of a capture under way: what the graph will need, on whichever stream that is used. */
final class Capture {
    private final Set<NativeObject> needed = Collections.newSetFromMap(new IdentityHashMap<>());
    private volatile boolean active = true;

    boolean isActive() {
        return active;
    }

    void end() {
        active = false;
    }

    void needs(NativeObject object) {
        needed.add(object);
    }

    List<NativeObject> needed() {
        return new ArrayList<>(needed);
    }
}
