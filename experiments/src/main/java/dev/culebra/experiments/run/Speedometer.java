package dev.culebra.experiments.run;

/** Measures the speed of steps: smoothed for people, and averaged between records. */
final class Speedometer {
    private static final double SMOOTHING = 0.9;

    private double smoothedSeconds;
    private double smoothedTokens;
    private double seconds;
    private long tokens;
    private long steps;

    /** A step was made. */
    void add(double stepSeconds, long stepTokens) {
        double weight = smoothedTokens == 0 ? 1 : 1 - SMOOTHING;
        smoothedSeconds += weight * (stepSeconds - smoothedSeconds);
        smoothedTokens += weight * (stepTokens - smoothedTokens);
        seconds += stepSeconds;
        tokens += stepTokens;
        steps++;
    }

    /** Tokens per second, lately. */
    double tokensPerSecond() {
        return smoothedTokens / smoothedSeconds;
    }

    /** Seconds that a step takes, lately. */
    double secondsPerStep() {
        return smoothedSeconds;
    }

    /** The record of a step, with the averages since the last one, which start anew. */
    Event.Step record(long step, int epoch, double loss) {
        Event.Step event = new Event.Step(step, epoch, loss, tokens / seconds, seconds / steps);
        seconds = 0;
        tokens = 0;
        steps = 0;
        return event;
    }
}
