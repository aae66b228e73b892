package dev.culebra.runtime;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An object of a native library that this Java object owns.
 *
 * <p>It keeps its parents, the objects that must live as long as it does, reachable and open: a parent that still has open
 * children refuses to close. Closing twice does nothing; using it after closing throws. Closing is safe from any thread;
 * it is the caller's business that no other thread uses the object meanwhile.
 */
public abstract class NativeObject implements AutoCloseable {
    private final List<NativeObject> parents;
    private final Map<String, Integer> openChildren = new TreeMap<>();
    private volatile MemorySegment handle;

    /**
     * Takes ownership of a handle whose creation has been checked.
     *
     * @param handle the C handle, or an address
     * @param parents what must stay open until this object is closed
     * @throws IllegalStateException if a parent is closed; the handle is then still the caller's
     */
    protected NativeObject(MemorySegment handle, NativeObject... parents) {
        this.parents = List.of(parents);
        for (int adopted = 0; adopted < parents.length; adopted++) {
            try {
                parents[adopted].adopt(this);
            } catch (IllegalStateException closed) {
                this.parents.subList(0, adopted).forEach(parent -> parent.release(this));
                throw closed;
            }
        }
        this.handle = handle;
    }

    /**
     * The C handle.
     *
     * @throws IllegalStateException if this object is closed
     */
    public final MemorySegment handle() {
        MemorySegment open = handle;
        if (open.equals(MemorySegment.NULL)) {
            throw new IllegalStateException(getClass().getSimpleName() + " is closed");
        }
        return open;
    }

    /** Calls the C function that destroys the handle. */
    protected abstract void destroy(MemorySegment handle);

    /**
     * Destroys the handle; a second call does nothing. An object whose destruction fails counts as closed.
     *
     * @throws IllegalStateException if objects that need this one are still open; it then stays open too
     */
    @Override
    public void close() {
        MemorySegment closing;
        synchronized (openChildren) {
            closing = handle;
            if (closing.equals(MemorySegment.NULL)) {
                return;
            }
            if (!openChildren.isEmpty()) {
                throw new IllegalStateException(getClass().getSimpleName()
                        + " cannot be closed before what needs it (class=number): " + openChildren);
            }
            handle = MemorySegment.NULL;
        }
        try {
            destroy(closing);
        } finally {
            parents.forEach(parent -> parent.release(this));
        }
    }

    private void adopt(NativeObject child) {
        synchronized (openChildren) {
            handle();
            openChildren.merge(child.getClass().getSimpleName(), 1, Integer::sum);
        }
    }

    private void release(NativeObject child) {
        synchronized (openChildren) {
            openChildren.computeIfPresent(child.getClass().getSimpleName(), (name, open) -> open > 1 ? open - 1 : null);
        }
    }
}
