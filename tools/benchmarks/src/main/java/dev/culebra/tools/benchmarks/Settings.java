package dev.culebra.tools.benchmarks;

import java.time.Duration;

/**
 * How long to measure. What is compared is measured in turns, round after round, each in a fresh JVM, and compared within a
 * round. Within one, the fastest of many short iterations counts: what else the machine does can only make them slower, and
 * some of them it does not touch.
 *
 * @param rounds how often everything is measured
 * @param warmup how long a benchmark runs in a round before it counts
 * @param iterations how many times it then runs for {@code time}
 * @param time long enough for many calls, short enough to fit between two interruptions
 * @param starts how many processes are started for each way of starting
 */
public record Settings(int rounds, Duration warmup, int iterations, Duration time, int starts) {
    /** For numbers that are kept. */
    public static final Settings FULL = new Settings(7, Duration.ofMillis(600), 60, Duration.ofMillis(5), 11);
    /** For a look, and for machines that are at hand for minutes. */
    public static final Settings QUICK = new Settings(1, Duration.ofMillis(300), 20, Duration.ofMillis(5), 3);

    /** The same with another number of rounds. */
    Settings withRounds(int count) {
        return new Settings(count, warmup, iterations, time, starts);
    }

    /** How calls are measured, in words. */
    @Override
    public String toString() {
        return "rounds: " + rounds + ", each in a JVM of its own, " + warmup.toMillis()
                + " ms of warm-up, then the fastest of " + iterations + " iterations of " + time.toMillis() + " ms";
    }
}
