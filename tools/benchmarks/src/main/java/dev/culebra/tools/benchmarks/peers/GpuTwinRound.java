package dev.culebra.tools.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culebra.experiments.files.Json;
import dev.culebra.tools.benchmarks.Measurements;
import dev.culebra.tools.benchmarks.results.Comparisons;
import dev.culebra.tools.benchmarks.results.Recording;

/**
 * What one run of {@code tools/parity/device_twin.py} measured on a GPU: Culebra in its precisions, PyTorch in several ways.
 *
 * @param pytorch its version and its device
 * @param speeds in the order in which they were measured
 * @param remarks what else was told, such as a way that is not to be had
 */
record GpuTwinRound(String pytorch, List<Speed> speeds, List<String> remarks) {
    private static final String CULEBRA = "Culebra";
    /** How the script calls what scripts of that year did: eager, in fp32, nothing fused. */
    private static final String OF_2021 = "2021: eager fp32";
    private static final String BEST = "pytorch, fastest";
    private static final String OLD = "pytorch, 2021";

    /**
     * The steps of a run by one program.
     *
     * @param ours whether by Culebra
     * @param way of computing them, by its name
     * @param seconds of a step
     */
    record Speed(String run, boolean ours, String way, double seconds) {}

    /** Reads the file that the script writes, an object in each line. */
    static GpuTwinRound read(Path file) throws IOException {
        String pytorch = "";
        List<Speed> speeds = new ArrayList<>();
        List<String> remarks = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode object = Json.mapper().readTree(line);
            pytorch = object.get("pytorch_version").asText();
            switch (object.get("kind").asText()) {
                case "speed" -> speeds.add(new Speed(object.get("run").asText(),
                        object.get("program").asText().equals(CULEBRA), object.get("way").asText(),
                        object.get("seconds").asDouble()));
                case "remark" -> remarks.add(object.get("text").asText());
                default -> { // That the losses agree, the script has seen to.
                }
            }
        }
        return new GpuTwinRound(pytorch, List.copyOf(speeds), List.copyOf(remarks));
    }

    /**
     * Several rounds on one machine.
     *
     * @param machine its name
     * @param libraries Culebra's, with their versions
     * @param command what was asked for
     */
    static Recording recording(String machine, String libraries, String command, List<GpuTwinRound> rounds) {
        Measurements best = new Measurements();
        Measurements old = new Measurements();
        for (GpuTwinRound round : rounds) {
            // A run of which no way could be measured in a round has no ratio there.
            round.fastest().forEach(speed -> {
                best.add(row(speed), BEST, speed.seconds);
                round.ours(speed.run).forEach(our -> best.add(row(our), name(our), our.seconds));
            });
            round.speeds.stream().filter(speed -> speed.way.equals(OF_2021)).forEach(speed -> {
                old.add(row(speed) + " as in 2021", OLD, speed.seconds);
                round.ours(speed.run).forEach(our -> old.add(row(our) + " as in 2021", name(our), our.seconds));
            });
        }
        List<String> ours = rounds.getFirst().speeds.stream().filter(Speed::ours).map(GpuTwinRound::name).distinct()
                .toList();
        return new Recording(machine,
                "On " + machine + "; " + libraries + "; Java " + Runtime.version() + "; " + rounds.getFirst().pytorch
                        + "; " + LocalDate.now(ZoneOffset.UTC) + "; rounds: " + rounds.size() + "; `" + command + "`.",
                notes(rounds),
                List.of(new Comparisons("Time of a training step beside the fastest of PyTorch's ways", ours, BEST,
                        "ms", 1e-3, best.toMap()),
                        new Comparisons(
                                "Time of a training step beside PyTorch as scripts were in 2021, eager and in fp32",
                                ours, OLD, "ms", 1e-3, old.toMap())));
    }

    private Stream<Speed> ours(String run) {
        return speeds.stream().filter(speed -> speed.ours && speed.run.equals(run));
    }

    private static String row(Speed speed) {
        return "step of " + speed.run;
    }

    private static String name(Speed speed) {
        return speed.way.replace(CULEBRA, "culebra");
    }

    /** Of each run PyTorch's fastest way but that of 2021. */
    private Stream<Speed> fastest() {
        List<Speed> theirs = speeds.stream().filter(speed -> !speed.ours && !speed.way.equals(OF_2021)).toList();
        return theirs.stream().map(Speed::run).distinct().map(run -> theirs.stream()
                .filter(speed -> speed.run.equals(run)).min(Comparator.comparingDouble(Speed::seconds)).orElseThrow());
    }

    private static List<String> notes(List<GpuTwinRound> rounds) {
        return Stream.concat(
                rounds.stream().flatMap(GpuTwinRound::fastest)
                        .map(speed -> "PyTorch's fastest way for " + speed.run + ": " + speed.way + "."),
                rounds.stream().flatMap(round -> round.remarks.stream())).distinct().toList();
    }
}
