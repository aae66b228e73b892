package dev.culebra.experiments.run;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.failure.RunFailedException;
import dev.culebra.nn.ModelOptimizer;
import dev.culebra.nn.checkpoint.AtomicFile;
import dev.culebra.nn.checkpoint.Checkpoint;

/** Writes a run's checkpoints, each whole or not at all. */
final class Checkpoints {
    private final RunDirectory directory;
    private final Learner learner;
    private final Circumstances circumstances;

    Checkpoints(RunDirectory directory, Learner learner, Circumstances circumstances) {
        this.directory = directory;
        this.learner = learner;
        this.circumstances = circumstances;
    }

    /** Writes what a resume needs. */
    void saveLast(TrainingState state) {
        Map<String, String> metadata = new HashMap<>(state.toMetadata());
        metadata.putAll(circumstances.toMetadata());
        metadata.putAll(ChoiceMetadata.toMetadata(learner.model().backend()));
        save(directory.last(), Optional.of(learner.optimizer()), metadata);
    }

    /** Writes the weights of the best epoch so far. */
    void saveBest(int epoch, Measurement validation) {
        Map<String, String> metadata = new HashMap<>(ChoiceMetadata.toMetadata(learner.model().backend()));
        metadata.put("epoch", Integer.toString(epoch));
        metadata.put("validation_perplexity", Double.toString(validation.perplexity()));
        save(directory.best(), Optional.empty(), metadata);
    }

    private void save(Path file, Optional<ModelOptimizer> state, Map<String, String> metadata) {
        try {
            Checkpoint.save(file, learner.model(), state, metadata);
        } catch (IOException e) {
            throw new RunFailedException(
                    e.getMessage() + "; free space there and continue with --resume, or start again "
                            + "with another --run-dir",
                    e);
        }
    }

    /** The error to report for a checkpoint that somebody named and that cannot be read. */
    static BadInputException unreadable(Path file, IOException cause) {
        RunDirectory run = new RunDirectory(file.toAbsolutePath().getParent());
        boolean tooEarly = file.toAbsolutePath().equals(run.best()) && !Files.exists(file) && Files.exists(run.last());
        return unreadable(file, cause, tooEarly
                ? "its run has not completed an epoch, so use " + file.resolveSibling(run.last().getFileName())
                : "name another checkpoint");
    }

    /** The same with what to do about it. */
    static BadInputException unreadable(Path file, IOException cause, String remedy) {
        String message = switch (cause) {
            case NoSuchFileException _ -> file + " does not exist";
            case FileSystemException _ -> "cannot read " + file + " (" + AtomicFile.reason(cause) + ")";
            case IOException e when String.valueOf(e.getMessage()).contains(file.toString()) -> e.getMessage();
            default -> "cannot read " + file + " (" + cause.getMessage() + ")";
        };
        return new BadInputException(message + "; " + remedy, cause);
    }
}
