package dev.culebra.runtime;

/** The clock of this machine, for backends that compute on it: both ends wait until the work before them is done. */
final class HostStopwatch extends Stopwatch {
    private final Backend backend;
    private long start;
    private long stop;

    HostStopwatch(Backend backend) {
        this.backend = backend;
    }

    @Override
    protected void markStart() {
        backend.synchronize();
        start = System.nanoTime();
    }

    @Override
    protected void markStop() {
        backend.synchronize();
        stop = System.nanoTime();
    }

    @Override
    protected double elapsed() {
        return (stop - start) / 1e9;
    }

    @Override
    public void close() {
        // It owns nothing.
    }
}
