package dev.culebra.runtime.nvtx;

import dev.culebra.bindings.nvtx.nvtx;

/** An open range of time. It is closed by the thread that opened it, after the ranges that this opened within it. */
public final class Range implements AutoCloseable {
    /** What stands for every range where there is no library. */
    static final Range NONE = new Range(null, 0);

    private final Thread owner;
    private final long id;
    private boolean open = true;

    /**
     * @param owner the thread that opened it, null for {@link #NONE}
     * @param id that of the range if the thread is virtual
     */
    Range(Thread owner, long id) {
        this.owner = owner;
        this.id = id;
    }

    /**
     * Ends the range; a second call does nothing.
     *
     * @throws IllegalStateException on another thread than that which opened it; the range stays open
     */
    @Override
    public void close() {
        if (owner == null || !open) {
            return;
        }
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("a range of " + owner + " cannot be closed by " + Thread.currentThread());
        }
        open = false;
        if (owner.isVirtual()) {
            nvtx.nvtxRangeEnd(id);
        } else {
            nvtx.nvtxRangePop();
        }
    }
}
