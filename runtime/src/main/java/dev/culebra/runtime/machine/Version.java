package dev.culebra.runtime.machine;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The version of a library or of its headers.
 *
 * @param numbers major, minor and so on
 */
record Version(List<Integer> numbers) implements Comparable<Version> {

    static Version of(Integer... numbers) {
        return new Version(List.of(numbers));
    }

    /** From {@code 10000 * major + 100 * minor + patch}, as cuBLAS, cuDNN and NCCL count. */
    static Version ofHundreds(long code) {
        return of((int) (code / 10_000), (int) (code / 100 % 100), (int) (code % 100));
    }

    /** From {@code 1000 * major + 10 * minor}, as CUDA counts. */
    static Version ofCuda(int code) {
        return of(code / 1000, code / 10 % 100);
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
