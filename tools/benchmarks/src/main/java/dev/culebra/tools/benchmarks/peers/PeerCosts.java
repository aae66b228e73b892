package dev.culebra.tools.benchmarks.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.culebra.tools.benchmarks.Circumstances;
import dev.culebra.tools.benchmarks.Jmh;
import dev.culebra.tools.benchmarks.Measurements;
import dev.culebra.tools.benchmarks.ScratchFolder;
import dev.culebra.tools.benchmarks.results.Comparisons;
import dev.culebra.tools.benchmarks.results.Recording;
import dev.culebra.tools.benchmarks.study.Gpu;

/**
 * Culebra beside DJL: whether they compute the same, how long each takes, how long a process needs to its first step, and what
 * memory it has, of a GPU that of the device.
 *
 * @param rows what is compared
 * @param extent the sizes of what is timed
 * @param many the sizes of what runs for {@code steps} steps
 * @param steps after the first, a fifth and all of which memory is looked at
 * @param rounds how often everything is measured
 * @param iterations calls of which the fastest counts, in each round, after {@value #WARM_UPS} that do not; of what takes
 *     milliseconds {@value #TIMES_FOR_SHORT} times as many of both
 */
public record PeerCosts(List<Comparison> rows, Extent extent, Extent many, int steps, int rounds, int iterations) {
    /** For numbers that are kept: some forty minutes on two cores. */
    public static final PeerCosts FULL = new PeerCosts(List.of(Comparison.values()), Extent.FULL, Extent.LIGHT, 500, 3,
            4);
    /** For a look: a quarter of an hour. */
    public static final PeerCosts QUICK = new PeerCosts(List.of(Comparison.values()), Extent.FULL, Extent.LIGHT, 50, 1,
            2);

    private static final int WARM_UPS = 2;
    private static final int TIMES_FOR_SHORT = 50;
    private static final List<Comparison> STARTED = List.of(Comparison.EXP1, Comparison.EXP5);

    /** The same with another number of rounds. */
    public PeerCosts withRounds(int count) {
        return new PeerCosts(rows, extent, many, steps, count, iterations);
    }

    /**
     * Measures, and tells the progress.
     *
     * @param device where both compute
     * @param program experiments.jar, whose size is told if it is built
     * @param command what was asked for
     * @throws IllegalStateException if they do not compute the same
     */
    public Recording measure(String device, Path program, String command, Consumer<String> progress) {
        try (ScratchFolder folder = ScratchFolder.create()) {
            String machine = Circumstances.machine(device);
            Conditions conditions = new Conditions(extent.sizes(), device, Optional.of(folder.path()));
            List<Way> ways = Way.here(conditions);
            conditions.writeWeights();
            List<Agreement> agreements = rows.stream().map(row -> {
                progress.accept("djl: do both compute the same? " + row);
                return Agreement.of(row, ways, conditions);
            }).toList();
            Measurements times = times(conditions, ways, progress);
            Measurements starts = new Measurements();
            Measurements memory = new Measurements();
            for (int round = 1; round <= rounds; round++) {
                for (Comparison row : STARTED.stream().filter(rows::contains).toList()) {
                    for (Way way : ways) {
                        progress.accept("djl: processes, round " + round + " of " + rounds + ": " + row + ", " + way);
                        measureProcess(row, way, device, starts, memory);
                    }
                }
            }
            return new Recording(machine, circumstances(machine, device, command),
                    notes(device, agreements, program), List.of(
                            table(ways, "Time", "ms", 1e6, times),
                            table(ways, "From the start of a process to the end of its first step", "s", 1, starts),
                            table(ways, Gpu.is(device) ? "Device memory of a process" : "Memory of a process", "MB",
                                    1e6, memory)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Measurements times(Conditions conditions, List<Way> ways, Consumer<String> progress) {
        Measurements times = new Measurements();
        for (int round = 1; round <= rounds; round++) {
            for (Comparison row : rows) {
                progress.accept("djl: times, round " + round + " of " + rounds + ": " + row);
                int factor = row.isShort() ? TIMES_FOR_SHORT : 1;
                times.addAll(Jmh.singleShots(PeerBenchmark.class,
                        Map.of("row", List.of(row.name()), "way", ways.stream().map(Way::name).toList()),
                        Map.of(PeerBenchmark.SIZES, extent.name(), PeerBenchmark.DEVICE, conditions.device(),
                                PeerBenchmark.FOLDER,
                                conditions.folder().orElseThrow().toString()),
                        factor * WARM_UPS, factor * iterations, parameters -> row.toString(),
                        parameters -> Way.valueOf(parameters.getParam("way")).toString()));
            }
        }
        return times;
    }

    private void measureProcess(Comparison row, Way way, String device, Measurements starts, Measurements memory) {
        TrainingProcess.Cost few = TrainingProcess.measure(row, way, extent, device, WARM_UPS + 1);
        starts.add(row.toString(), way.toString(), few.secondsToFirstStep());
        memory.add(row + (Gpu.is(device) ? ", after its steps" : ", its peak"), way.toString(), few.peak());
        TrainingProcess.Cost much = TrainingProcess.measure(row, way, many, device, steps);
        much.resident().forEach((step, bytes) -> memory.add(row + " of small batches, after step " + step,
                way.toString(), bytes));
    }

    private static Comparisons table(List<Way> ways, String title, String unit, double perUnit,
            Measurements measurements) {
        return new Comparisons(title, ways.stream().filter(way -> way != Way.DJL).map(Way::toString).toList(),
                Way.DJL.toString(), unit, perUnit, measurements.toMap());
    }

    private String circumstances(String machine, String device, String command) {
        return Circumstances.line(machine,
                Circumstances.libraries(device) + "; DJL " + Circumstances.jarVersion("pytorch-engine")
                        + " with PyTorch " + DjlNatives.version(device),
                "rounds: " + rounds + ", each in a JVM of its own: after " + WARM_UPS + " calls the fastest of "
                        + iterations + ", of what takes milliseconds after " + TIMES_FOR_SHORT * WARM_UPS
                        + " the fastest of " + TIMES_FOR_SHORT * iterations + "; `" + command + "`");
    }

    private static List<String> notes(String device, List<Agreement> agreements, Path program) {
        List<String> notes = new ArrayList<>();
        for (Way way : agreements.getFirst().distances().keySet()) {
            Agreement farthest = agreements.stream()
                    .reduce((one, other) -> one.distances().get(way) >= other.distances().get(way) ? one : other)
                    .orElseThrow();
            notes.add(String.format(Locale.ROOT,
                    "The results of %s are DJL's within %.1e of their size; farthest is: %s.", way,
                    farthest.distances().get(way), farthest.row()));
        }
        String ours = Files.exists(program)
                ? String.format(Locale.ROOT, "%.1f MB", program.toFile().length() / 1e6)
                : "not built here";
        notes.add(String.format(Locale.ROOT,
                "To download: DJL's jars and those that they need, %.1f MB%s; experiments.jar, the whole program: %s.",
                Downloads.ofDjl(System.getProperty("java.class.path")) / 1e6,
                Gpu.is(device) ? ", and PyTorch for a GPU" : "", ours));
        return notes;
    }
}
