package dev.culebra.tools.benchmarks.roofline;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Stopwatch;
import dev.culebra.tools.benchmarks.Measurements.Spread;

/**
 * Times calls of a backend: first some that do not count, since they compile, choose and allocate; then several readings of the
 * stopwatch, each of as many calls in a row as make it long enough, so that what queues the calls is seldom waited for.
 */
final class Timer implements AutoCloseable {
    private static final int WARM_UP_CALLS = 3;
    /** The seconds that they should take on a host, where the JIT is at work until then. */
    static final double WARM_UP_OF_HOST = 0.3;
    private static final int MOST_CALLS = 200;
    private static final int FEWEST_READINGS = 3;
    private static final int MOST_READINGS = 15;
    /** The seconds that a reading should take at least: far more than the clock's half microsecond. */
    private static final double READING = 2e-3;
    /** The seconds that all readings of a call may take, unless the fewest take more. */
    private static final double ALL_READINGS = 0.25;

    private final Stopwatch stopwatch;
    private final double warmUp;

    /**
     * One for a backend's work.
     *
     * @param warmUp the seconds that the calls that do not count take at least
     */
    Timer(Backend backend, double warmUp) {
        stopwatch = backend.stopwatch();
        this.warmUp = warmUp;
    }

    /**
     * How long a call takes.
     *
     * @param seconds of a call: the middle of the readings, the fastest and the slowest
     * @param readings how often the stopwatch was read
     * @param calls how many calls each reading covers
     */
    record Timing(Spread seconds, int readings, int calls) {}

    /** Times a call. */
    Timing time(Runnable call) {
        double warm = read(call, WARM_UP_CALLS);
        while (warm < warmUp) {
            warm += read(call, WARM_UP_CALLS);
        }
        double once = read(call, 1);
        int calls = (int) Math.clamp(Math.ceil(READING / once), 1, MOST_CALLS);
        int readings = (int) Math.clamp(ALL_READINGS / (once * calls), FEWEST_READINGS, MOST_READINGS);
        double[] seconds = new double[readings];
        for (int i = 0; i < readings; i++) {
            seconds[i] = read(call, calls) / calls;
        }
        return new Timing(Spread.of(seconds), readings, calls);
    }

    private double read(Runnable call, int times) {
        stopwatch.start();
        for (int i = 0; i < times; i++) {
            call.run();
        }
        stopwatch.stop();
        return stopwatch.seconds();
    }

    @Override
    public void close() {
        stopwatch.close();
    }
}
