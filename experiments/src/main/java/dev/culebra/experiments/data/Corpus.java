package dev.culebra.experiments.data;

import java.nio.file.Path;
import java.util.Optional;

/** A text in three splits, as token ids. */
public interface Corpus {
    /** What this is and where it lies, for people. */
    String description();

    /**
     * One part of it, read anew by each call.
     *
     * @throws dev.culebra.experiments.failure.BadInputException if it is missing or cannot be used
     */
    Split split(SplitName name);

    /** The embeddings that lie beside the text, if any do. */
    Optional<Path> embeddings();
}
