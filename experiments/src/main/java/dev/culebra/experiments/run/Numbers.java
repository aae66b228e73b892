package dev.culebra.experiments.run;

import java.util.Locale;

/** Numbers for people. */
final class Numbers {
    private Numbers() {}

    /** A perplexity to four digits or more: {@code 146.1}, {@code 9.87}, {@code 852,800}. */
    static String perplexity(double value) {
        return String.format(Locale.ROOT, format(value), value);
    }

    /** A mean perplexity and how far it is spread, to the same place: {@code 146.1 ± 0.4}. */
    static String perplexity(double mean, double deviation) {
        return perplexity(mean) + " ± " + String.format(Locale.ROOT, format(mean), deviation);
    }

    private static String format(double perplexity) {
        return perplexity < 10 ? "%.3f" : perplexity < 100 ? "%.2f" : perplexity < 10_000 ? "%.1f" : "%,.0f";
    }

    /** A loss, or any number to four places. */
    static String loss(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    /** A whole number with its thousands apart. */
    static String count(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    /** Such as {@code 1 layer}, {@code 2 layers}. */
    static String counted(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
