package dev.culebra.tools.benchmarks;

import java.time.Duration;

/**
 * How long to measure. What is compared is measured in turns, round after round, each in a fresh JVM, and compared within a
 * round: so what else the machine does for some seconds falls on one round and not on one side.
 *
 * @param rounds how often everything is measured
 * @param warmups how many times a benchmark runs for {@code time} before it counts
 * @param iterations how many times it runs for {@code time} and counts
 * @param time how long
 * @param starts how many processes are started for each way of starting
 */
public record Settings(int rounds, int warmups, int iterations, Duration time, int starts) {
    /** For numbers that are kept. */
    public static final Settings FULL = new Settings(5, 3, 4, Duration.ofMillis(200), 9);
    /** For a look, and for machines that are at hand for minutes. */
    public static final Settings QUICK = new Settings(1, 2, 2, Duration.ofMillis(150), 3);

    /** The same with another number of rounds. */
    Settings withRounds(int count) {
        return new Settings(count, warmups, iterations, time, starts);
    }

    /** How calls are measured, in words. */
    @Override
    public String toString() {
        return "rounds: " + rounds + ", each in a JVM of its own, with " + warmups + " warm-up and " + iterations
                + " measured iterations of " + time.toMillis() + " ms";
    }
}
