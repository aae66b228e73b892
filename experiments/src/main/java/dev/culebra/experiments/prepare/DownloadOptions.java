package dev.culebra.experiments.prepare;

import java.time.Duration;

import dev.culebra.experiments.run.Interruption;

/**
 * How downloads wait, and what those may do who cannot.
 *
 * @param patience how long a server may say nothing
 * @param pause before the second attempt; longer before each that follows
 * @param interruption asks them to stop
 * @param instead the option that names a copy on this machine, for messages
 */
public record DownloadOptions(Duration patience, Duration pause, Interruption interruption, String instead) {
    /** For servers as they are. */
    public static DownloadOptions of(Interruption interruption, String instead) {
        return new DownloadOptions(Duration.ofSeconds(30), Duration.ofSeconds(1), interruption, instead);
    }
}
