package dev.culebra.experiments.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.culebra.experiments.data.SplitName;
import dev.culebra.experiments.study.Configuration;
import dev.culebra.experiments.study.OptimizerKind;
import dev.culebra.runtime.Precision;

/**
 * A run folder that no training made: with the program's own files, and the perplexities that a test wants.
 *
 * @param configuration what was asked for
 * @param train the train perplexity of each epoch
 * @param validation the validation perplexity after each epoch
 * @param secondsPerEpoch of training
 * @param stepsWithoutEpoch logged steps after the last epoch
 * @param ended whether the run reached its end
 * @param deviceBytes the device's memory, where it is not the host
 */
public record MadeRun(Configuration configuration, double[] train, double[] validation, double secondsPerEpoch,
        int stepsWithoutEpoch, boolean ended, Optional<Long> deviceBytes) {
    /** The test perplexity, in validation perplexities after the last epoch. */
    public static final double TEST_FACTOR = 1.1;
    /** Steps of an epoch. */
    public static final int STEPS = 511;
    /** Steps between the validations of {@link #writePart}: 0.1 epochs. */
    public static final int PART = 51;
    private static final long TOKENS = 2_091_000;
    private static final long LEARNED = 3_019_520;
    private static final long HOST_BYTES = 1_600_000_000;

    /** A finished run on a host. */
    public static MadeRun of(Configuration configuration, double secondsPerEpoch, double[] train, double[] validation) {
        return new MadeRun(configuration, train, validation, secondsPerEpoch, 0, true, Optional.empty());
    }

    /** The same, still running. */
    public MadeRun unfinished(int stepsAfterLastEpoch) {
        return new MadeRun(configuration, train, validation, secondsPerEpoch, stepsAfterLastEpoch, false, deviceBytes);
    }

    /** The same, ended by a number of steps. */
    public MadeRun endedAfterSteps(int stepsAfterLastEpoch) {
        return new MadeRun(configuration, train, validation, secondsPerEpoch, stepsAfterLastEpoch, true, deviceBytes);
    }

    /** The same with memory on a device. */
    public MadeRun withDeviceMemory(long bytes) {
        return new MadeRun(configuration, train, validation, secondsPerEpoch, stepsWithoutEpoch, ended,
                Optional.of(bytes));
    }

    /** Writes a finished run of a part of an epoch, a second a step, that is validated every {@value #PART} steps. */
    public static void writePart(Path folder, Configuration configuration, double[] train, double[] validation) {
        MadeRun run = MadeRun.of(configuration, 1, new double[0], new double[0]);
        List<Event> events = new ArrayList<>(run.events());
        Event end = events.removeLast();
        for (int i = 0; i < train.length; i++) {
            long step = (i + 1L) * PART;
            events.add(step(step, 1, train[i]));
            events.add(new Event.Validation(1, step, measurement(train[i], step * 4096),
                    measurement(validation[i], TOKENS / 10), step));
        }
        events.add(new Event.Evaluation(SplitName.TEST,
                measurement(TEST_FACTOR * validation[validation.length - 1], TOKENS / 9)));
        events.add(end);
        run.write(folder, events);
    }

    /** Writes it. */
    public void writeTo(Path folder) {
        write(folder, events());
    }

    private void write(Path folder, List<Event> events) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        RunDirectory directory = new RunDirectory(folder);
        directory.writeConfiguration(configuration, provenance("2026-01-02T03:04:05Z", "25"));
        directory.writeConfiguration(configuration, provenance("2026-01-03T03:04:05Z", "26"));
        try (MetricsFile metrics = new MetricsFile(directory.metrics())) {
            events.forEach(metrics::event);
        }
    }

    private static Provenance provenance(String started, String java) {
        return new Provenance(started, 0, "java -jar experiments.jar all", "1.0", java, "Linux", "a processor", "cpu",
                "oneDNN", Map.of("oneDNN", "3.13.0"));
    }

    private List<Event> events() {
        List<Event> events = new ArrayList<>();
        long total = configuration.run().maxSteps().orElse((long) configuration.run().epochs() * STEPS);
        events.add(
                new Event.Start(configuration.name(), 0, total, STEPS, LEARNED, deviceBytes.isEmpty() ? "cpu" : "cuda",
                        Precision.BF16, "/home/someone/wikitext-2",
                        "from /home/someone/wikitext-2/embeddings.npz, frozen",
                        Optional.of(new Event.StartUp(0.5, 0.1, 0.2, 0.3))));
        events.add(memory());
        for (int epoch = 1; epoch <= train.length; epoch++) {
            events.add(step(epoch * STEPS - 1, epoch, train[epoch - 1]));
            events.add(new Event.Epoch(epoch, (long) epoch * STEPS, measurement(train[epoch - 1], TOKENS),
                    measurement(validation[epoch - 1], TOKENS / 10),
                    // The first one takes longer: what it says must not count.
                    epoch == 1 ? 3 * secondsPerEpoch : secondsPerEpoch, HOST_BYTES, deviceMemory(epoch)));
        }
        for (int step = 1; step <= stepsWithoutEpoch; step++) {
            events.add(step(train.length * STEPS + step, train.length + 1, 40_000.0 / step));
        }
        if (ended) {
            if (train.length > 0 && stepsWithoutEpoch == 0) {
                events.add(new Event.Evaluation(SplitName.TEST,
                        measurement(TEST_FACTOR * validation[validation.length - 1], TOKENS / 9)));
            }
            events.add(
                    new Event.End((long) train.length * STEPS + stepsWithoutEpoch, train.length * secondsPerEpoch + 5,
                            HOST_BYTES));
        }
        return events;
    }

    /** In the first epoch four times as much, since that must not count either. */
    private Optional<Event.DeviceMemory> deviceMemory(int epoch) {
        return deviceBytes.map(bytes -> new Event.DeviceMemory(epoch == 1 ? 4 * bytes : bytes,
                epoch == 1 ? 5 * bytes : bytes + bytes / 4, "NVML, this process"));
    }

    private Event.MemoryPlan memory() {
        int layers = configuration.model().layers().orElse(1);
        long learned = 12_000_000L * layers;
        long state = switch (configuration.optimization().optimizer()) {
            case OptimizerKind.SGD -> 0;
            case OptimizerKind.MOMENTUM -> learned;
            case OptimizerKind.ADAM, OptimizerKind.ADAMW -> 2 * learned;
        };
        long activations = 150_000_000L * layers;
        return new Event.MemoryPlan(124_000_000 + learned, learned, state, activations, 60_000, 330_000_000,
                124_000_000 + 2 * learned + state + activations + 60_000 + 330_000_000);
    }

    private static Measurement measurement(double perplexity, long tokens) {
        return Measurement.of(Math.log(perplexity) * tokens, tokens);
    }

    private static Event.Step step(long number, int epoch, double perplexity) {
        return new Event.Step(number, epoch, Math.log(perplexity), 90_000, 0.045);
    }
}
