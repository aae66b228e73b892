package dev.culebra.experiments.text;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.culebra.experiments.data.BuiltInCorpus;
import dev.culebra.experiments.failure.RunFailedException;
import dev.culebra.experiments.files.Json;

/**
 * The built-in corpus's tokenizer: lower-case words and punctuation marks, each with an id of its own; 1 stands for all that it
 * does not know. Several threads may encode.
 */
public final class WordTokenizer implements Tokenizer {
    private static final Pattern TOKEN = Pattern.compile("[a-z]+(?:[-'][a-z]+)*|[^\\sa-z]");
    private static final Pattern CLOSING = Pattern.compile("[,.:;?!)]");
    private static final int UNKNOWN = 1;

    private final List<String> words;
    private final Map<String, Integer> ids;

    private WordTokenizer(List<String> words) {
        this.words = words;
        this.ids = IntStream.range(UNKNOWN + 1, words.size()).boxed().collect(Collectors.toMap(words::get, id -> id));
    }

    /** Reads the vocabulary inside the program. */
    public static WordTokenizer ofBuiltInCorpus() {
        try (InputStream stream = BuiltInCorpus.vocabulary()) {
            return new WordTokenizer(List.of(Json.mapper().readValue(stream, String[].class)));
        } catch (IOException e) {
            throw new RunFailedException("the vocabulary inside the program cannot be read (" + e.getMessage()
                    + "); build or fetch the program anew", e);
        }
    }

    @Override
    public List<int[]> encode(List<String> lines) {
        return lines.stream().map(this::encode).toList();
    }

    private int[] encode(String line) {
        return TOKEN.matcher(line.toLowerCase(Locale.ROOT)).results().map(MatchResult::group)
                .mapToInt(token -> ids.getOrDefault(token, UNKNOWN)).toArray();
    }

    @Override
    public String decode(int[] ids) {
        StringBuilder text = new StringBuilder();
        Arrays.stream(ids).filter(id -> id > 0).mapToObj(words::get).forEach(word -> {
            if (!text.isEmpty() && !CLOSING.matcher(word).matches()) {
                text.append(' ');
            }
            text.append(word);
        });
        return text.toString();
    }

    @Override
    public int vocabularySize() {
        return words.size();
    }

    /** Does nothing. */
    @Override
    public void close() {}
}
