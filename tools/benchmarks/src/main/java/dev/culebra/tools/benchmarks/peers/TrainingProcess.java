package dev.culebra.tools.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.culebra.tools.benchmarks.Subprocess;
import dev.culebra.tools.benchmarks.study.Memory;

/**
 * A process that makes training steps in one of the ways, from its own initial weights, and tells the memory that it has after the
 * first step, after a fifth of them and after the last: the process's, or on a GPU what it took of the device's. Linux only.
 */
public final class TrainingProcess {
    private static final Pattern TOLD = Pattern.compile("step (\\d+) resident (\\d+) peak (\\d+)");

    /**
     * What such a process took.
     *
     * @param secondsToFirstStep from its start to the end of its first step, as whoever started it sees it
     * @param resident bytes in memory after a step, by its number
     * @param peak the most that it ever had
     */
    record Cost(double secondsToFirstStep, SortedMap<Integer, Long> resident, long peak) {}

    private TrainingProcess() {}

    /** The process itself. Arguments: row, way, extent, device, number of steps. */
    public static void main(String[] arguments) {
        Conditions conditions = new Conditions(Extent.valueOf(arguments[2]).sizes(), arguments[3], Optional.empty());
        int steps = Integer.parseInt(arguments[4]);
        Memory memory = Memory.of(conditions.device());
        try (memory; Peer peer = Comparison.valueOf(arguments[0]).peer(Way.valueOf(arguments[1]), conditions)) {
            for (int step = 1; step <= steps; step++) {
                peer.run();
                if (step == 1 || step == steps / 5 || step == steps) {
                    System.out.println(
                            "step " + step + " resident " + memory.bytes() + " peak " + memory.peakBytes());
                }
            }
        }
    }

    /** Starts one and waits for its end. */
    static Cost measure(Comparison row, Way way, Extent extent, String device, int steps) {
        List<String> command = Subprocess.java(List.of(), TrainingProcess.class, row.name(), way.name(), extent.name(),
                device, String.valueOf(steps));
        long start = System.nanoTime();
        List<Double> arrivals = new ArrayList<>();
        String output = Subprocess.run(command, line -> {
            if (TOLD.matcher(line).matches()) {
                arrivals.add((System.nanoTime() - start) / 1e9);
            }
        }).success();
        return parse(output, arrivals);
    }

    /**
     * Reads what a process printed.
     *
     * @param arrivals the seconds from its start to each step that it told of
     */
    static Cost parse(String output, List<Double> arrivals) {
        List<Matcher> told = output.lines().map(TOLD::matcher).filter(Matcher::matches).toList();
        if (told.isEmpty()) {
            throw new IllegalStateException("no step was told of in: " + output);
        }
        SortedMap<Integer, Long> resident = new TreeMap<>();
        told.forEach(line -> resident.put(Integer.valueOf(line.group(1)), Long.valueOf(line.group(2))));
        return new Cost(arrivals.getFirst(), resident, Long.parseLong(told.getLast().group(3)));
    }
}
