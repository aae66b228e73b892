package dev.culebra.runtime.nvtx;

import dev.culebra.bindings.nvtx.nvtx;

/** An open range of time. It is closed by the thread that opened it, after the ranges that this opened within it. */
public final class Range implements AutoCloseable {
    /** What stands for every range where there is no library. */
    static final Range NONE = new Range(null);

    private final Thread owner;
    private boolean open = true;

    /** @param owner the thread that opened it, null for {@link #NONE} */
    Range(Thread owner) {
        this.owner = owner;
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
        nvtx.nvtxRangePop();
    }
}
