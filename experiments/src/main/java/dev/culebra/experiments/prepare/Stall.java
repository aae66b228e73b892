package dev.culebra.experiments.prepare;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Closes a stream on which nothing comes any more, since reading from it would wait for ever. */
final class Stall implements AutoCloseable {
    private final ScheduledExecutorService clock = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("stall").factory());
    private final InputStream stream;
    private final long patience;
    private volatile long lastMove = System.nanoTime();
    private volatile boolean happened;

    Stall(InputStream stream, Duration patience) {
        this.stream = stream;
        this.patience = patience.toNanos();
        long interval = Math.max(1, patience.toMillis() / 4);
        clock.scheduleAtFixedRate(this::look, interval, interval, TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (System.nanoTime() - lastMove > patience) {
            happened = true;
            try {
                stream.close();
            } catch (IOException e) {
                // Whoever reads from it is told.
            }
        }
    }

    /** Something came. */
    void moved() {
        lastMove = System.nanoTime();
    }

    /** Whether the stream was closed for want of anything coming. */
    boolean happened() {
        return happened;
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
