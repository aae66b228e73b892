package dev.culebra.experiments.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

import dev.culebra.experiments.failure.RunFailedException;

/**
 * The corpus inside the program: public-domain English, small enough for any run to finish in minutes. Its README, in
 * the resources beside it, states source and licence.
 */
public final class BuiltInCorpus implements Corpus {
    /** How its description begins. */
    public static final String NAME = "the built-in corpus";

    /** The corpus; nothing is read yet. */
    public BuiltInCorpus() {}

    @Override
    public String description() {
        return NAME + " (Genesis and the Gospels, King James Version, public domain)";
    }

    /** Its words by id: a JSON array; the caller closes the stream. */
    public static InputStream vocabulary() {
        return BuiltInCorpus.class.getResourceAsStream("corpus/vocabulary.json");
    }

    @Override
    public Split split(SplitName name) {
        String resource = "corpus/wiki." + name + ".npz";
        try {
            // A zip file is read from its end, so it has to be a file.
            Path copy = Files.createTempFile("culebra-", ".npz");
            try (InputStream stream = BuiltInCorpus.class.getResourceAsStream(resource)) {
                Files.copy(stream, copy, StandardCopyOption.REPLACE_EXISTING);
                try (NpzReader reader = new NpzReader(copy)) {
                    return Split.read(reader, "built-in " + name + " split");
                }
            } finally {
                Files.delete(copy);
            }
        } catch (IOException e) {
            throw new RunFailedException("the built-in corpus cannot be unpacked to "
                    + System.getProperty("java.io.tmpdir") + " (" + e.getMessage() + "); free space there, or name "
                    + "another folder with -Djava.io.tmpdir", e);
        }
    }

    @Override
    public Optional<Path> embeddings() {
        return Optional.empty();
    }
}
