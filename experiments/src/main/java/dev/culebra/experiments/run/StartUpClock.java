package dev.culebra.experiments.run;

import java.time.Duration;
import java.time.Instant;

/** Times how a run starts. Each phase ends where the next begins. */
final class StartUpClock {
    private final double process;
    private long last = System.nanoTime();
    private double data;
    private double device;

    /** Starts with the run. */
    StartUpClock() {
        Instant now = Instant.now();
        Instant start = ProcessHandle.current().info().startInstant().orElse(now);
        // To a hundredth of a second, as the system keeps it, and perhaps from before its clock was set.
        process = Math.max(0, Duration.between(start, now).toNanos() / 1e9);
    }

    /** The data were read. */
    void dataRead() {
        data = lap();
    }

    /** The device was opened. */
    void deviceOpened() {
        device = lap();
    }

    /** The model was made: the first step can follow. */
    Event.StartUp modelMade() {
        return new Event.StartUp(process, data, device, lap());
    }

    private double lap() {
        long now = System.nanoTime();
        double seconds = (now - last) / 1e9;
        last = now;
        return seconds;
    }
}
