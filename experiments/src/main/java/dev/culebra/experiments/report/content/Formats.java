package dev.culebra.experiments.report.content;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleFunction;

import dev.culebra.experiments.run.Statistic;
import dev.culebra.experiments.study.ModelKind;
import dev.culebra.experiments.study.OptimizerKind;

/** Numbers and names for people, the same in every country. */
final class Formats {
    /** What stands where there is no number. */
    static final String NONE = "\u2013";
    private static final double KILO = 1e3;
    private static final double MEGA = 1e6;
    private static final double GIGA = 1e9;

    private Formats() {}

    /** To one decimal; from 1,000 on whole, and enormous ones as a power of ten. */
    static String perplexity(double value) {
        if (Double.isNaN(value)) {
            return "not a number";
        }
        if (Double.isInfinite(value)) {
            return "\u221e";
        }
        return value < 1000
                ? number("%,.1f", value)
                : value < GIGA ? number("%,.0f", value) : number("%.1e", value);
    }

    /** Such as {@code 0.0012}, {@code 9.81}, {@code 19.8}, {@code 115}. */
    static String seconds(double value) {
        return value < 10 ? hundredths(value) : value < 100 ? number("%.1f", value) : number("%,.0f", value);
    }

    /** A duration in sentences. */
    static String duration(double seconds) {
        return seconds < 120
                ? seconds(seconds) + "\u00a0s"
                : seconds < 7200
                        ? number("%.1f", seconds / 60) + "\u00a0min"
                        : number("%.1f", seconds / 3600) + "\u00a0h";
    }

    /** To two decimals; what is small to as many as two digits need. */
    private static String hundredths(double value) {
        return value == 0 || value >= 0.1
                ? number("%.2f", value)
                : new BigDecimal(value).round(new MathContext(2)).toPlainString();
    }

    /** In units of 10^9 bytes. */
    static String gigabytes(double bytes) {
        return hundredths(bytes / GIGA);
    }

    /** Memory in sentences. */
    static String memory(double bytes) {
        return bytes < MEGA
                ? number("%.1f", bytes / KILO) + "\u00a0kB"
                : bytes < GIGA ? number("%.1f", bytes / MEGA) + "\u00a0MB" : gigabytes(bytes) + "\u00a0GB";
    }

    /** A whole number with its thousands apart. */
    static String count(double value) {
        return number("%,.0f", value);
    }

    /** How far one number is from another, in percent of that, with its sign. */
    static String difference(double value, double base) {
        double percent = 100 * (value / base - 1);
        // What rounds to zero has no sign.
        String text = Math.abs(percent) < 10 ? number("%+.1f", percent) : number("%+,.0f", percent);
        return (text.matches("[+-]0[.0]*") ? text.substring(1) : text).replace('-', '\u2212') + "\u00a0%";
    }

    /** How many times as much one number is as another. */
    static String ratio(double value, double base) {
        return number(value / base < 10 ? "%.2f" : "%.1f", value / base);
    }

    /** A share in percent. */
    static String percent(double share) {
        return number(share < 0.1 ? "%.1f" : "%.0f", 100 * share) + "\u00a0%";
    }

    /** One number, or a mean with its standard deviation, which is whole where the mean is. */
    static String statistic(Statistic value, DoubleFunction<String> format) {
        String mean = format.apply(value.mean());
        return mean + (value.count() > 1
                ? " \u00b1 " + (mean.contains(".") ? format.apply(value.deviation()) : count(value.deviation()))
                : "");
    }

    /** The same, or a dash. */
    static String statistic(Optional<Statistic> value, DoubleFunction<String> format) {
        return value.map(number -> statistic(number, format)).orElse(NONE);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    /** A model's name. */
    static String model(ModelKind model) {
        return switch (model) {
            case LSTM -> "LSTM";
            case GPT1 -> "MiniGPT1";
        };
    }

    /** An optimiser's name. */
    static String optimizer(OptimizerKind optimizer) {
        return switch (optimizer) {
            case ADAM -> "Adam";
            case ADAMW -> "AdamW";
            case SGD -> "SGD";
            case MOMENTUM -> "momentum";
        };
    }

    /** Such as {@code 1 layer}, {@code 2 layers}. */
    static String counted(long count, String noun) {
        return count(count) + " " + noun + (count == 1 ? "" : "s");
    }

    /** How often a split was read: {@code 5}, or {@code 0.23} or {@code 0.0043} of it. */
    static String epoch(double epoch) {
        return epoch == Math.rint(epoch) ? count(epoch) : hundredths(epoch);
    }

    /** The same with the noun: {@code 1 epoch}, {@code 0.23 epochs}. */
    static String epochs(double epochs) {
        return epoch(epochs) + (epochs == 1 ? " epoch" : " epochs");
    }

    /** Such as {@code a}, {@code a and b}, {@code a, b and c}. */
    static String enumeration(List<String> words) {
        return words.size() < 2
                ? String.join("", words)
                : String.join(", ", words.subList(0, words.size() - 1)) + " and " + words.getLast();
    }
}
