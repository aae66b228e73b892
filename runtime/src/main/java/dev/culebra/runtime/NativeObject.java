package dev.culebra.runtime;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * An object of a native library that this Java object owns.
 *
 * <p>It keeps its parents, the objects that must live as long as it does, reachable and open: a parent that still has open
 * children refuses to close. Closing twice does nothing; using it after closing throws. Closing is safe from any thread;
 * it is the caller's business that no other thread uses the object meanwhile.
 *
 * <p>An object that is dropped without being closed keeps its native memory until the process ends. With
 * {@code -Dculebra.leaks=true}, or {@code CULEBRA_LEAKS=true} in the environment, each such object is reported on
 * {@link System#err} with its class, its bytes and where it was made: when the garbage collector finds it, and at the end
 * of the JVM for those that are still open then.
 */
public abstract class NativeObject implements AutoCloseable {
    private final List<NativeObject> parents = new ArrayList<>();
    private final Map<String, Integer> openChildren = new TreeMap<>();
    /** Collected with this object; null if leaks are not reported. */
    private final Leaks.Token leakToken;
    private volatile MemorySegment handle = MemorySegment.NULL;
    /** Whether the parents have been let go, for good; guarded by {@link #parents}. */
    private boolean released;

    /**
     * Takes ownership of a handle whose creation has been checked.
     *
     * @param handle the C handle, or an address
     * @param parents what must stay open until this object is closed
     * @throws IllegalStateException if a parent is closed; the handle is then still the caller's
     */
    protected NativeObject(MemorySegment handle, NativeObject... parents) {
        this(handle, 0, parents);
    }

    /**
     * Takes ownership of memory whose allocation has been checked.
     *
     * @param handle the C handle, or an address
     * @param bytes how much memory it stands for, to be told if it leaks; 0 if that is not worth telling
     * @param parents what must stay open until this object is closed
     * @throws IllegalStateException if a parent is closed; the handle is then still the caller's
     */
    protected NativeObject(MemorySegment handle, long bytes, NativeObject... parents) {
        this(() -> handle, bytes, parents);
    }

    /**
     * Creates the handle once the parents are held open, so that none of them can be closed while the C function runs that
     * needs them. If something fails, nothing is left behind.
     *
     * @param creation calls the C function that makes the handle and checks its status
     * @param bytes how much memory it stands for, to be told if it leaks; 0 if that is not worth telling
     * @param parents what must stay open until this object is closed
     * @throws IllegalStateException if a parent is closed; nothing has been created then
     */
    protected NativeObject(Supplier<MemorySegment> creation, long bytes, NativeObject... parents) {
        try {
            for (NativeObject parent : parents) {
                needs(parent);
            }
            handle = creation.get();
        } catch (Throwable failure) {
            releaseParents();
            throw failure;
        }
        leakToken = Leaks.REPORTED ? Leaks.watch(getClass(), bytes) : null;
    }

    /**
     * The C handle.
     *
     * @throws IllegalStateException if this object is closed
     */
    public final MemorySegment handle() {
        MemorySegment open = handle;
        if (open.equals(MemorySegment.NULL)) {
            throw closed();
        }
        return open;
    }

    private IllegalStateException closed() {
        return new IllegalStateException(getClass().getSimpleName() + " is closed");
    }

    /** Whether this object has not been closed. */
    public final boolean isOpen() {
        return !handle.equals(MemorySegment.NULL);
    }

    /** Calls the C function that destroys the handle. */
    protected abstract void destroy(MemorySegment handle);

    /**
     * From now on this object needs one more parent, which stays open until this object is closed.
     *
     * @throws IllegalStateException if the parent or this object is closed
     */
    protected final void needs(NativeObject parent) {
        synchronized (parents) {
            if (released) {
                throw closed();
            }
            for (NativeObject known : parents) {
                if (known == parent) {
                    return;
                }
            }
            parent.adopt(this);
            parents.add(parent);
        }
    }

    /**
     * Closes this object because something else failed: a failure to close does not hide that.
     *
     * @param failure what failed, to be thrown on
     */
    public final void closeAfter(Throwable failure) {
        try {
            close();
        } catch (RuntimeException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

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
        if (Leaks.REPORTED) {
            leakToken.closed();
        }
        try {
            destroy(closing);
        } finally {
            releaseParents();
        }
    }

    private void adopt(NativeObject child) {
        synchronized (openChildren) {
            handle();
            openChildren.merge(child.getClass().getSimpleName(), 1, Integer::sum);
        }
    }

    private void releaseParents() {
        synchronized (parents) {
            released = true;
            parents.forEach(parent -> parent.release(this));
            parents.clear();
        }
    }

    private void release(NativeObject child) {
        synchronized (openChildren) {
            openChildren.computeIfPresent(child.getClass().getSimpleName(), (name, open) -> open > 1 ? open - 1 : null);
        }
    }
}
