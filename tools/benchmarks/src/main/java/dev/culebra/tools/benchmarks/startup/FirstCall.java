package dev.culebra.tools.benchmarks.startup;

import java.util.List;

/**
 * A program that calls one function of each library named, and prints how long that took from the start of {@code main},
 * in nanoseconds, and what the functions said. Run in a fresh JVM for each measurement.
 */
public final class FirstCall {
    private FirstCall() {}

    /** Takes {@code ours} or {@code jni} and the names of {@link Library}. */
    public static void main(String[] arguments) {
        long start = System.nanoTime();
        boolean ours = arguments[0].equals("ours");
        StringBuilder versions = new StringBuilder();
        for (String name : List.of(arguments).subList(1, arguments.length)) {
            Library library = Library.valueOf(name);
            versions.append(' ').append(ours ? library.ours() : library.jni());
        }
        System.out.println("nanoseconds " + (System.nanoTime() - start) + versions);
    }
}
