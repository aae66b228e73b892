package dev.culebra.runtime.cuda;

import dev.culebra.runtime.OwnedParts;
import dev.culebra.runtime.Stopwatch;
import dev.culebra.runtime.driver.Event;
import dev.culebra.runtime.driver.Stream;

/** Two events on a backend's stream: the device's clock, to half a microsecond. Starting and stopping wait for nothing. */
final class CudaStopwatch extends Stopwatch {
    private final OwnedParts owned = new OwnedParts();
    private final Stream stream;
    private final Event start;
    private final Event stop;

    CudaStopwatch(Stream stream) {
        this.stream = stream;
        try {
            start = owned.own(Event.withTiming(stream.context()));
            stop = owned.own(Event.withTiming(stream.context()));
        } catch (Throwable failure) {
            owned.closeAfter(failure);
            throw failure;
        }
    }

    @Override
    protected void markStart() {
        start.record(stream);
    }

    @Override
    protected void markStop() {
        stop.record(stream);
    }

    @Override
    protected double elapsed() {
        return stop.millisecondsSince(start) / 1e3;
    }

    @Override
    public void close() {
        owned.close();
    }
}
