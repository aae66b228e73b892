package dev.culebra.tools.benchmarks.peers.culebra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

import dev.culebra.nn.ParameterStore;
import dev.culebra.nn.checkpoint.Checkpoint;

/** The weights that both sides start from. */
final class StoredWeights {
    private StoredWeights() {}

    /** Fills a model's parameters. */
    static void load(Path file, ParameterStore parameters) {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            checkpoint.loadWeights(parameters);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
