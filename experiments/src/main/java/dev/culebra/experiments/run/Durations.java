package dev.culebra.experiments.run;

import java.util.Locale;

/** Durations for people. */
final class Durations {
    private Durations() {}

    /** Such as {@code 42 s}, {@code 3:07} or {@code 1:02:45}. */
    static String of(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        return whole < 3600
                ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }
}
