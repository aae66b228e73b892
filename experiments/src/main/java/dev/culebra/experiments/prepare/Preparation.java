package dev.culebra.experiments.prepare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import dev.culebra.experiments.data.NpyType;
import dev.culebra.experiments.data.NpzWriter;
import dev.culebra.experiments.data.SplitName;
import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.failure.InterruptedRunException;
import dev.culebra.experiments.files.WholeFile;
import dev.culebra.experiments.run.Interruption;
import dev.culebra.experiments.text.GptTokenizer;
import dev.culebra.experiments.text.Tokenizer;

/**
 * Makes a data directory: {@code wiki.{train,validation,test}.npz} from WikiText's files, and beside them the vocabulary, so
 * that generated tokens can become text again.
 *
 * <p>Tokens are those of one stripped line that is not blank after another, without special tokens, all in one array; sizes are
 * the tokens of each line.
 *
 * @param output the data directory, made if it is not there
 * @param overwrite whether files that are there already are replaced
 * @param listener hears how far it is
 * @param interruption asks it to stop
 */
public record Preparation(Path output, boolean overwrite, PreparationListener listener, Interruption interruption) {
    private static final int LINES_AT_ONCE = 256;
    private static final int LARGEST_UINT16 = 0xffff;

    /**
     * Prepares the splits that are there.
     *
     * @param source a folder or a zip archive
     * @param vocabulary a folder with GPT-1's vocabulary
     * @throws BadInputException if there is none, or something cannot be read
     * @throws InterruptedRunException if it is told to stop; splits that were finished are kept
     */
    public void prepare(Path source, Path vocabulary) {
        try (SourceText text = SourceText.open(source)) {
            Map<SplitName, Path> files = files(text, source);
            requireFree(files);
            try (GptTokenizer tokenizer = GptTokenizer.open(vocabulary)) {
                makeFolder();
                copyVocabulary(vocabulary);
                files.forEach((split, file) -> prepare(split, file, tokenizer));
            }
        }
    }

    private static Map<SplitName, Path> files(SourceText text, Path source) {
        Map<SplitName, Path> files = new LinkedHashMap<>();
        for (SplitName split : SplitName.values()) {
            text.file(split).ifPresent(file -> files.put(split, file));
        }
        if (files.isEmpty()) {
            throw new BadInputException(
                    source + " has none of wiki.train.raw, wiki.valid.raw, wiki.test.raw, nor the same "
                            + "with .tokens or .gz; name another folder or archive with --from");
        }
        return files;
    }

    private void requireFree(Map<SplitName, Path> files) {
        List<Path> there = files.keySet().stream().map(this::target).filter(Files::exists).toList();
        if (!there.isEmpty() && !overwrite) {
            throw new BadInputException(there.stream().map(Path::toString).collect(Collectors.joining(", "))
                    + (there.size() == 1 ? " is" : " are")
                    + " there already; choose another --out, or replace with --overwrite");
        }
    }

    private Path target(SplitName split) {
        return output.resolve("wiki." + split + ".npz");
    }

    private void makeFolder() {
        try {
            Files.createDirectories(output);
        } catch (IOException e) {
            throw WholeFile.failure(output, e);
        }
    }

    private void copyVocabulary(Path vocabulary) {
        GptTokenizer.files(vocabulary).forEach((name, file) -> {
            Path copy = output.resolve(name);
            if (!file.toAbsolutePath().normalize().equals(copy.toAbsolutePath().normalize())) {
                WholeFile.write(copy, stream -> Files.copy(file, stream));
            }
        });
    }

    private void prepare(SplitName split, Path file, Tokenizer tokenizer) {
        List<int[]> lines = new ArrayList<>();
        long bytes = size(file);
        SourceText.read(file, LINES_AT_ONCE, (portion, read) -> {
            if (interruption.isRequested()) {
                throw new InterruptedRunException("interrupted while preparing the " + split + " split");
            }
            lines.addAll(tokenizer.encode(portion));
            listener.progress(split + " split", read, bytes);
        });
        int[] tokens = lines.stream().flatMapToInt(Arrays::stream).toArray();
        int[] sizes = lines.stream().mapToInt(line -> line.length).toArray();
        NpyType type = tokenizer.vocabularySize() - 1 <= LARGEST_UINT16 ? NpyType.UINT16 : NpyType.INT32;
        new NpzWriter().add("tokens", type, tokens).add("sizes", NpyType.INT64, sizes)
                .add("vocabulary_size", NpyType.INT64, new int[] {tokenizer.vocabularySize()}, 1)
                .writeTo(target(split));
        listener.note(String.format(Locale.ROOT, "%s: %,d tokens in %,d lines", target(split), tokens.length,
                sizes.length));
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return -1;
        }
    }
}
