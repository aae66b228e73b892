package dev.culebra.experiments.prepare;

import java.time.Duration;

import dev.culebra.experiments.run.Interruption;

/**
 * How downloads wait.
 *
 * @param patience how long a server may say nothing
 * @param pause before the second attempt; longer before each that follows
 * @param interruption asks them to stop
 */
public record DownloadOptions(Duration patience, Duration pause, Interruption interruption) {
    /** For servers as they are. */
    public static DownloadOptions of(Interruption interruption) {
        return new DownloadOptions(Duration.ofSeconds(30), Duration.ofSeconds(1), interruption);
    }
}
