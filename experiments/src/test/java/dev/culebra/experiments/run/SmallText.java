package dev.culebra.experiments.run;

import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.culebra.experiments.data.NpyType;
import dev.culebra.experiments.data.NpzWriter;
import dev.culebra.experiments.data.SplitName;

/** A data folder small enough for tests: 11 words, each mostly followed by the next one. */
public final class SmallText {
    /** V, with padding. */
    public static final int VOCABULARY = 11;
    /** How many of the training split's tokens are a target where every line is cut by itself. */
    public static final int TARGETS_OF_LINES = 203 - 203 / 7;
    private static final List<String> OPTIONS = List.of("--device reference", "--embedding-width 12",
            "--sequence-length 8", "--batch-size 4", "--epochs 2", "--lr 0.01");
    private static final int LINE = 7;

    private SmallText() {}

    /**
     * A command line with sizes for which the reference backend makes a step in a moment: 26 sequences, 7 steps in each
     * of 2 epochs.
     *
     * @param command a command and options, which win
     */
    public static String run(String command) {
        String heads = command.matches("exp([5-8]|1[12]) .*") && !command.contains("--heads") ? " --heads 3" : "";
        return command + heads + " " + OPTIONS.stream().filter(option -> !command.contains(option.split(" ")[0]))
                .collect(Collectors.joining(" "));
    }

    /** Writes the three splits, in lines of 7 tokens, into {@code folder}. */
    public static Path in(Path folder) {
        write(folder, SplitName.TRAIN, 203, 1);
        write(folder, SplitName.VALIDATION, 60, 2);
        write(folder, SplitName.TEST, 50, 3);
        return folder;
    }

    private static void write(Path folder, SplitName name, int count, long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        int[] tokens = IntStream.iterate(1, token -> random.nextInt(4) == 0
                ? 1 + random.nextInt(VOCABULARY - 1)
                : token % (VOCABULARY - 1) + 1).limit(count).toArray();
        int[] sizes = IntStream.range(0, Math.ceilDiv(count, LINE)).map(line -> Math.min(LINE, count - line * LINE))
                .toArray();
        new NpzWriter().add("tokens", NpyType.UINT16, tokens).add("sizes", NpyType.INT64, sizes)
                .add("vocabulary_size", NpyType.INT64, new int[] {VOCABULARY})
                .writeTo(folder.resolve("wiki." + name + ".npz"));
    }
}
