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
        if (backend.deviceMemory().isPresent()) {
            clock.scheduleAtFixedRate(this::sample, 1, 1, TimeUnit.SECONDS);
        }
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

    /** What was found since the period began; the next one begins. Nothing where the device is the host. */
    synchronized Optional<Event.DeviceMemory> endPeriod() {
        Optional<Event.DeviceMemory> found = sample()
                .map(last -> new Event.DeviceMemory(sum / samples, peak, last.source()));
        begin();
        return found;
    }

    /** Forgets what was found so far. */
    synchronized void begin() {
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
