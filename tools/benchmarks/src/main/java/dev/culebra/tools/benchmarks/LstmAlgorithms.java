package dev.culebra.tools.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import dev.culebra.runtime.cudnn.CudnnHandle;
import dev.culebra.runtime.cudnn.RnnAlgorithm;
import dev.culebra.runtime.cudnn.RnnArithmetic;
import dev.culebra.runtime.cudnn.RnnDataLayout;
import dev.culebra.runtime.cudnn.RnnSequences;
import dev.culebra.runtime.cudnn.RnnSpec;
import dev.culebra.runtime.driver.Context;
import dev.culebra.runtime.driver.Device;
import dev.culebra.runtime.driver.MemoryPool;
import dev.culebra.runtime.driver.Stream;
import dev.culebra.runtime.trial.Outcome;
import dev.culebra.runtime.trial.RnnTrial;

/**
 * What cuDNN's algorithms make of the study's LSTMs on a GPU: for each number of layers and each precision, how long the
 * forward and backward pass of a training step take, and whether a training step may take them.
 */
public final class LstmAlgorithms {
    private static final List<RnnArithmetic> PRECISIONS = List.of(RnnArithmetic.STRICT_F32, RnnArithmetic.TF32,
            RnnArithmetic.BF16);

    /** The headings of the table. */
    static final String HEADING = "| layers | precision | algorithm | ms | us a step and layer | correct | repeatable | capturable |\n"
            + "| ---: | --- | --- | ---: | ---: | --- | --- | --- |";

    private LstmAlgorithms() {}

    /**
     * The sizes that are tried.
     *
     * @param batch B, the number of sequences
     * @param length T, the number of time steps
     * @param inputSize E
     * @param hiddenSize H
     * @param layers each number of layers
     */
    public record Sizes(int batch, int length, int inputSize, int hiddenSize, List<Integer> layers) {
        /** Those of the study: 16 sequences of 256 tokens, E = 768, H = 512, and 1, 2 or 4 layers. */
        public static final Sizes OF_STUDY = new Sizes(16, 256, 768, 512, List.of(1, 2, 4));
        /** So small that the times say nothing. */
        static final Sizes SMALL = new Sizes(2, 9, 24, 32, List.of(1, 2));
    }

    /**
     * One algorithm for one network.
     *
     * @param arithmetic the precision
     * @param layers L
     * @param length T, the number of time steps
     * @param algorithm how the time steps are computed
     * @param outcome what was found
     */
    public record Row(RnnArithmetic arithmetic, int layers, int length, RnnAlgorithm algorithm, Outcome outcome) {
        /** The time of one step of one layer, forward and backward, in microseconds: what the chain of steps costs. */
        double microsecondsOfStep() {
            return outcome.milliseconds() * 1e3 / length / layers;
        }

        /** As a line of the table under {@link #HEADING}. */
        String line() {
            String found = outcome.refusal().map(LstmAlgorithms::refused)
                    .orElseGet(() -> String.format(Locale.ROOT, "%.3f | %.2f | %s | %s | %s", outcome.milliseconds(),
                            microsecondsOfStep(), yes(outcome.correct()), yes(outcome.repeatable()),
                            yes(outcome.capturable())));
            return "| " + layers + " | " + arithmetic + " | " + algorithm + " | " + found + " |";
        }
    }

    /**
     * Tries every algorithm on networks of these sizes in each precision.
     *
     * @param rows hears of each as soon as it is there: an algorithm may end the process
     * @throws dev.culebra.bindings.MissingLibraryException if there is no cuDNN
     */
    public static void tryAll(Device device, Sizes sizes, Consumer<Row> rows) {
        try (Context context = Context.of(device);
                Stream stream = Stream.create(context);
                MemoryPool pool = MemoryPool.create(context, MemoryPool.KEEP_ALL);
                CudnnHandle library = CudnnHandle.create(stream)) {
            for (int layers : sizes.layers()) {
                for (RnnArithmetic arithmetic : PRECISIONS) {
                    RnnSpec spec = new RnnSpec(RnnSpec.Size.of(layers, sizes.inputSize(), sizes.hiddenSize()),
                            arithmetic, RnnAlgorithm.STANDARD, RnnDataLayout.BATCH_MAJOR);
                    Map<RnnAlgorithm, Outcome> outcomes = RnnTrial.of(library, pool, spec,
                            RnnSequences.equal(sizes.batch(), sizes.length()));
                    outcomes.forEach((algorithm, outcome) -> rows
                            .accept(new Row(arithmetic, layers, sizes.length(), algorithm, outcome)));
                }
            }
        }
    }

    private static String refused(String reason) {
        return "| | refused: " + reason.replace("|", "/").lines().findFirst().orElse("") + " | |";
    }

    private static String yes(boolean is) {
        return is ? "yes" : "**no**";
    }

    /**
     * Prints the table for the first GPU, with {@code --small} at sizes that mean nothing. Exit code 1 if there is no GPU, or no
     * algorithm runs on it.
     */
    public static void main(String[] arguments) {
        Optional<String> missing = DeviceCosts.missing();
        if (missing.isPresent()) {
            System.out.println("LSTM algorithms: not measured, " + missing.get());
            System.exit(1);
        }
        Device device = Device.of(0);
        Sizes sizes = List.of(arguments).contains("--small") ? Sizes.SMALL : Sizes.OF_STUDY;
        System.out.println("Forward and backward pass of an LSTM, " + sizes.batch() + " sequences of " + sizes.length()
                + " steps, " + sizes.inputSize() + " to " + sizes.hiddenSize() + ", on " + device.name()
                + "; the shortest of five times.\n\n" + HEADING);
        AtomicBoolean ran = new AtomicBoolean();
        tryAll(device, sizes, row -> {
            System.out.println(row.line());
            ran.compareAndSet(false, row.outcome().refusal().isEmpty());
        });
        System.exit(ran.get() ? 0 : 1);
    }
}
