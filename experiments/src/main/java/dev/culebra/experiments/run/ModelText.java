package dev.culebra.experiments.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.files.DownloadFolder;
import dev.culebra.experiments.files.Json;
import dev.culebra.experiments.text.GptTokenizer;
import dev.culebra.experiments.text.Tokenizer;
import dev.culebra.experiments.text.WordTokenizer;

/**
 * The text of a stored model's tokens, which grows; without the model's vocabulary there are only tokens. It owns its tokenizer.
 */
final class ModelText implements AutoCloseable {
    private final Optional<Tokenizer> tokenizer;
    /** The newest token; none before the first. */
    private int[] newest = {};

    private ModelText(Optional<Tokenizer> tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * Finds the vocabulary. Unless a folder is named, a model as large as the built-in corpus's vocabulary is taken to have
     * that one, and any other is looked for beside the checkpoint, in the data folder of its run and among what was
     * downloaded.
     *
     * @param named a folder with GPT-1's vocabulary
     * @param checkpoint the model's file
     * @param size V
     * @throws BadInputException if the named one has another size, or cannot be read
     */
    static ModelText open(Optional<Path> named, Path checkpoint, int size) {
        return new ModelText(named.isPresent()
                ? Optional.of(requireSize(GptTokenizer.open(named.get()), named.get(), size))
                : find(checkpoint, size));
    }

    private static Optional<Tokenizer> find(Path checkpoint, int size) {
        WordTokenizer words = WordTokenizer.ofBuiltInCorpus();
        return words.vocabularySize() == size
                ? Optional.of(words)
                : Stream.of(Optional.of(folder(checkpoint)), dataFolder(checkpoint), Optional.of(downloaded()))
                        .flatMap(Optional::stream).filter(GptTokenizer::isIn)
                        .flatMap(folder -> ofSize(GptTokenizer.open(folder), size).stream()).findFirst();
    }

    private static Tokenizer requireSize(Tokenizer tokenizer, Path folder, int size) {
        return ofSize(tokenizer, size).orElseThrow(() -> new BadInputException("the vocabulary in " + folder + " has "
                + Numbers.count(tokenizer.vocabularySize()) + " tokens, but the model " + Numbers.count(size)
                + "; name the model's own, or give tokens with --prompt-ids"));
    }

    private static Optional<Tokenizer> ofSize(Tokenizer tokenizer, int size) {
        if (tokenizer.vocabularySize() == size) {
            return Optional.of(tokenizer);
        }
        tokenizer.close();
        return Optional.empty();
    }

    private static Path folder(Path checkpoint) {
        return checkpoint.toAbsolutePath().getParent();
    }

    /** The data folder that the checkpoint's run says it read. */
    private static Optional<Path> dataFolder(Path checkpoint) {
        Path config = new RunDirectory(folder(checkpoint)).config();
        try {
            return Files.exists(config)
                    ? Optional.ofNullable(Json.mapper().readTree(config.toFile()).path("data").path("data").textValue())
                            .map(Path::of)
                    : Optional.empty();
        } catch (IOException _) {
            // It is only a hint; a run that is continued complains.
            return Optional.empty();
        }
    }

    /** Where {@code data prepare} keeps GPT-1's vocabulary. */
    private static Path downloaded() {
        return DownloadFolder.of(DownloadFolder.GPT1);
    }

    /**
     * The tokens of a text, line by line as a data folder's.
     *
     * @throws BadInputException if the vocabulary is not known, or the text has no token
     */
    int[] encode(String prompt) {
        Tokenizer known = tokenizer
                .orElseThrow(() -> new BadInputException("the vocabulary of this model is not known; "
                        + "name the folder with " + GptTokenizer.VOCABULARY_FILE + " and " + GptTokenizer.MERGES_FILE
                        + " with --vocabulary ('data prepare' puts both beside the .npz files), or give tokens with "
                        + "--prompt-ids"));
        int[] tokens = known.encode(prompt.lines().map(String::strip).filter(line -> !line.isEmpty()).toList())
                .stream().flatMapToInt(Arrays::stream).toArray();
        if (tokens.length == 0) {
            throw new BadInputException("--prompt has no word to begin with; give at least one");
        }
        return tokens;
    }

    /**
     * Adds tokens, at least one.
     *
     * @return what they add to the text, if the vocabulary is known
     */
    Optional<String> append(int... more) {
        Optional<String> added = tokenizer.map(known -> known
                .decode(IntStream.concat(Arrays.stream(newest), Arrays.stream(more)).toArray())
                .substring(known.decode(newest).length()));
        newest = new int[] {more[more.length - 1]};
        return added;
    }

    @Override
    public void close() {
        tokenizer.ifPresent(Tokenizer::close);
    }
}
