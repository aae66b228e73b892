package dev.culebra.experiments.cli;

import java.nio.file.Path;
import java.util.Optional;

import dev.culebra.experiments.data.BreakMode;
import dev.culebra.experiments.study.DataSettings;
import picocli.CommandLine.Option;

/** The options that choose what is read, and in which portions. */
final class DataOptions {
    @Option(names = "--data", paramLabel = "DIR", description = "Folder with wiki.{train,validation,test}.npz; unless given, the corpus inside the program.")
    private Path data;

    @Option(names = "--break-mode", paramLabel = "MODE", description = "Where sequences begin and end: none (anywhere), lines, or complete (whole lines, as many as "
            + "fit).")
    private BreakMode breakMode;

    @Option(names = "--sequence-length", paramLabel = "N", description = "Tokens in a sequence.")
    private int sequenceLength;

    @Option(names = "--batch-size", paramLabel = "N", description = "Sequences in a step.")
    private int batchSize;

    @Option(names = "--no-shuffle", description = "Read the sequences in the order of the text.")
    private boolean noShuffle;

    DataSettings settings() {
        return new DataSettings(Optional.ofNullable(data).map(ModelOptions::absolute), breakMode, sequenceLength,
                batchSize, !noShuffle);
    }
}
