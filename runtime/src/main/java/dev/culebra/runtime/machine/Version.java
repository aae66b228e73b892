package dev.culebra.runtime.machine;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The version of a library or of its headers.
 *
 * @param numbers major, minor and so on
 */
record Version(List<Integer> numbers) implements Comparable<Version> {

    /** From its numbers with dots between them. */
    static Version parse(String dotted) {
        return new Version(Stream.of(dotted.split("\\.")).map(Integer::valueOf).toList());
    }

    int major() {
        return numbers.getFirst();
    }

    @Override
    public int compareTo(Version other) {
        return Arrays.compare(numbers.toArray(Integer[]::new), other.numbers.toArray(Integer[]::new));
    }

    @Override
    public String toString() {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining("."));
    }
}
