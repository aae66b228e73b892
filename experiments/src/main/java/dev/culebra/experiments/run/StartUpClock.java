package dev.culebra.experiments.run;

import java.lang.management.ManagementFactory;

/** Times how a run starts. Each phase ends where the next begins. */
final class StartUpClock {
    private final double process;
    private long last;
    private double data;
    private double device;

    /** Starts with the run. */
    StartUpClock() {
        // Not the process's start, which Linux tells to a second only.
        process = ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
        last = System.nanoTime();
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
