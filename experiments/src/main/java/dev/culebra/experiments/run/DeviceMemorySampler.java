package dev.culebra.experiments.run;

import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.DeviceMemoryUse;

/** Asks a device every second how much of its memory this process has, and once at the end of each period. */
final class DeviceMemorySampler implements AutoCloseable {
    private final Backend backend;
    private final ScheduledExecutorService clock = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("device-memory").factory());
    private long sum;
    private long peak;
    private long samples;

    /** Begins a period now. The backend outlives this object. */
    DeviceMemorySampler(Backend backend) {
        this.backend = backend;
        // A host has an answer, that there is none, at once; a device's would keep the first step waiting.
        clock.scheduleAtFixedRate(this::sample, 1, 1, TimeUnit.SECONDS);
    }

    private synchronized Optional<DeviceMemoryUse> sample() {
        Optional<DeviceMemoryUse> use = backend.deviceMemory();
        use.ifPresent(memory -> {
            sum += memory.bytes();
            peak = Math.max(peak, memory.bytes());
            samples++;
        });
        return use;
    }

    /** What was found since the period began. Nothing where the device is the host. */
    synchronized Optional<Event.DeviceMemory> endPeriod() {
        return sample().map(last -> new Event.DeviceMemory(sum / samples, peak, last.source()));
    }

    /** Begins a new period: what was found so far is forgotten. */
    synchronized void beginPeriod() {
        sum = 0;
        peak = 0;
        samples = 0;
    }

    /** Ends it, and waits for a question that is under way. */
    @Override
    public void close() {
        clock.close();
    }
}
