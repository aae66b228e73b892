package dev.culebra.runtime;

/**
 * Measures how long the work takes that a backend is asked for, on the device's own clock where the device has one.
 *
 * <p>The time is that between two points in the order of the backend's work, so it has in it what was asked for between
 * {@link #start} and {@link #stop}, and the device's waiting for the host meanwhile. Made by {@link Backend#stopwatch};
 * close it before the backend. One thread at a time.
 */
public abstract class Stopwatch implements AutoCloseable {
    private boolean started;
    private boolean stopped;

    /** For the backends. */
    protected Stopwatch() {}

    /** Begins behind all work asked for so far; a second call begins anew. */
    public final void start() {
        markStart();
        started = true;
        stopped = false;
    }

    /** Ends behind all work asked for so far; a second call ends later. */
    public final void stop() {
        markStop();
        stopped = true;
    }

    /**
     * The seconds between the last start and the last stop. Waits for that work.
     *
     * @throws IllegalStateException if it was not started, and then stopped
     */
    public final double seconds() {
        if (!started || !stopped) {
            throw new IllegalStateException("a stopwatch is started and stopped before it is read");
        }
        return elapsed();
    }

    /** Remembers the point behind all work asked for so far as the start. */
    protected abstract void markStart();

    /** Remembers the point behind all work asked for so far as the end. */
    protected abstract void markStop();

    /** The seconds between the two points, both of which are remembered. */
    protected abstract double elapsed();

    /** Frees what it owns; a second call does nothing. */
    @Override
    public abstract void close();
}
