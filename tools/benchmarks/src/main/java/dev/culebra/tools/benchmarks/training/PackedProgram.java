package dev.culebra.tools.benchmarks.training;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.culebra.experiments.launcher.StartUpCache;
import dev.culebra.experiments.study.Experiment;
import dev.culebra.experiments.study.ModelKind;
import dev.culebra.runtime.machine.DriverReport;
import dev.culebra.runtime.machine.GpuReport;
import dev.culebra.tools.benchmarks.Subprocess;
import picocli.CommandLine.Option;

/** The finished program, and how all its runs here are made: where it computes, on which text, at which sizes. */
final class PackedProgram {
    private static final List<String> SMALL = List.of("--embedding-width", "24", "--hidden-size", "24",
            "--sequence-length", "16", "--batch-size", "4");

    @Option(names = "--program", required = true, description = "Its class path: experiments.jar.")
    private String classPath;

    @Option(names = "--device", defaultValue = "cuda:0", description = "As the program has it (${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--data", description = "A folder with the study's text; the built-in corpus unless given.")
    private Optional<Path> data;

    @Option(names = "--small", description = "Tiny models, to see that it works.")
    private boolean small;

    /** A command line that makes a run and tells its events as JSON, with the start-up cache if there is one. */
    List<String> command(String run, String precision, Path folder) {
        return command(cacheOptions(), run, precision, folder);
    }

    /** The options of Java for the start-up cache beside the program, if there is one. */
    List<String> cacheOptions() {
        return StartUpCache.options(classPath, System.getProperty("java.version"), List.of());
    }

    /**
     * The same with other options of Java.
     *
     * @param folder where the run is kept
     */
    List<String> command(List<String> options, String run, String precision, Path folder) {
        List<String> command = Subprocess.java(options, classPath, "dev.culebra.experiments.Main", run, "--device",
                device, "--precision", precision, "--json", "--run-dir", folder.toString());
        data.ifPresent(text -> command.addAll(List.of("--data", text.toString())));
        if (small) {
            command.addAll(SMALL);
            if (isGpt(run)) {
                command.addAll(List.of("--heads", "3"));
            }
        }
        return command;
    }

    private static boolean isGpt(String run) {
        return Stream.of(Experiment.values()).anyMatch(
                experiment -> experiment.toString().equals(run) && experiment.model() == ModelKind.GPT1);
    }

    /** The GPU's own name, which for the stand-in says that it is none; of another device, what it was called. */
    String nameOfDevice() {
        int ordinal = device.matches("cuda:\\d{1,4}") ? Integer.parseInt(device.substring(5)) : 0;
        List<GpuReport> gpus = device.startsWith("cuda") ? DriverReport.examine().gpus() : List.of();
        return ordinal < gpus.size() ? device + ": " + gpus.get(ordinal).name() : device;
    }

    /** The text, for people. */
    String nameOfText() {
        return data.map(folder -> folder.getFileName().toString()).orElse("the built-in corpus");
    }
}
