package dev.culebra.tools.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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
    }

    /**
     * Tries every algorithm on networks of these sizes in each precision.
     *
     * @throws dev.culebra.bindings.MissingLibraryException if there is no cuDNN
     */
    public static List<Row> rows(Device device, Sizes sizes) {
        List<Row> rows = new ArrayList<>();
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
                            .add(new Row(arithmetic, layers, sizes.length(), algorithm, outcome)));
                }
            }
        }
        return rows;
    }

    /** The rows as a table. */
    public static String markdown(List<Row> rows) {
        StringBuilder table = new StringBuilder("| layers | precision | algorithm | ms | us a step and layer | correct "
                + "| repeatable | capturable |\n| ---: | --- | --- | ---: | ---: | --- | --- | --- |\n");
        for (Row row : rows) {
            Outcome outcome = row.outcome();
            table.append("| ").append(row.layers()).append(" | ").append(row.arithmetic()).append(" | ")
                    .append(row.algorithm()).append(" | ").append(outcome.refusal().map(LstmAlgorithms::refused)
                            .orElseGet(() -> String.format(Locale.ROOT, "%.3f | %.2f | %s | %s | %s",
                                    outcome.milliseconds(), row.microsecondsOfStep(), yes(outcome.correct()),
                                    yes(outcome.repeatable()), yes(outcome.capturable()))))
                    .append(" |\n");
        }
        return table.toString();
    }

    private static String refused(String reason) {
        return "| | refused: " + reason.replace("|", "/").lines().findFirst().orElse("") + " | |";
    }

    private static String yes(boolean is) {
        return is ? "yes" : "**no**";
    }

    /** Prints the table for the first GPU. Exit code 1 if there is none. */
    public static void main(String[] arguments) {
        Optional<String> missing = DeviceCosts.missing();
        if (missing.isPresent()) {
            System.out.println("LSTM algorithms: not measured, " + missing.get());
            System.exit(1);
        }
        Device device = Device.of(0);
        System.out.println("Forward and backward pass of an LSTM, 16 sequences of 256 steps, 768 to 512, on "
                + device.name() + "; the shortest of five times.\n\n"
                + markdown(rows(device, Sizes.OF_STUDY)));
    }
}
