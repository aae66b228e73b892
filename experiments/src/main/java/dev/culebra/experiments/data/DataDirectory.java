package dev.culebra.experiments.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import dev.culebra.experiments.failure.BadInputException;

/**
 * A folder with {@code wiki.train.npz}, {@code wiki.validation.npz}, {@code wiki.test.npz} and, if embeddings were made
 * or imported, {@code embeddings.npz}.
 *
 * @param folder where the files lie
 */
public record DataDirectory(Path folder) implements Corpus {
    /**
     * Checks that the folder is there.
     *
     * @throws BadInputException if it is not
     */
    public DataDirectory {
        if (!Files.isDirectory(folder)) {
            throw new BadInputException(
                    "the data folder " + folder + " does not exist; check --data, or leave it out to "
                            + "use the corpus that ships with the program");
        }
    }

    @Override
    public String description() {
        return folder.toString();
    }

    @Override
    public Split split(SplitName name) {
        Path file = folder.resolve("wiki." + name + ".npz");
        try (NpzReader reader = new NpzReader(file)) {
            return Split.read(reader, file.toString());
        }
    }

    @Override
    public Optional<Path> embeddings() {
        return Optional.of(folder.resolve("embeddings.npz")).filter(Files::exists);
    }
}
