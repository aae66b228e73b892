package dev.culebra.experiments.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version such as {@code 1.8.0_392}, {@code 17.0.15} or {@code 25}, compared number by number. */
final class JavaVersion implements Comparable<JavaVersion> {
    private static final Pattern NUMBERS = Pattern.compile("\\d+");

    private final String text;
    private final List<Integer> numbers;

    private JavaVersion(String text, List<Integer> numbers) {
        this.text = text;
        this.numbers = numbers;
    }

    /** The version written as {@code text}, or null if that holds no number. */
    static JavaVersion parse(String text) {
        List<Integer> numbers = new ArrayList<Integer>();
        Matcher matcher = NUMBERS.matcher(text.split("[-+]", 2)[0]);
        while (matcher.find() && matcher.group().length() < 10) {
            numbers.add(Integer.valueOf(matcher.group()));
        }
        if (numbers.size() > 1 && numbers.get(0) == 1) {
            numbers.remove(0);
        }
        return numbers.isEmpty() ? null : new JavaVersion(text, numbers);
    }

    /** 8, 17, 25: the number that decides which class files and options are known. */
    int feature() {
        return numbers.get(0);
    }

    @Override
    public int compareTo(JavaVersion other) {
        for (int i = 0; i < Math.max(numbers.size(), other.numbers.size()); i++) {
            int mine = i < numbers.size() ? numbers.get(i) : 0;
            int theirs = i < other.numbers.size() ? other.numbers.get(i) : 0;
            if (mine != theirs) {
                return Integer.compare(mine, theirs);
            }
        }
        return 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JavaVersion && compareTo((JavaVersion) other) == 0;
    }

    @Override
    public int hashCode() {
        return feature();
    }

    @Override
    public String toString() {
        return text;
    }
}
