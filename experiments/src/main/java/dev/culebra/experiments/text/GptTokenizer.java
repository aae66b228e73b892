package dev.culebra.experiments.text;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culebra.bindings.UserCache;
import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.failure.RunFailedException;
import dev.culebra.experiments.files.Json;

/**
 * GPT-1's tokenizer: lower-cased byte-pair encoding of BERT's words (Radford and others 2018), as Hugging Face's
 * {@code OpenAIGPTTokenizer} has it, through the same library. Ids are GPT-1's plus 1, since 0 is padding here.
 *
 * <p>It owns native memory. Several threads may encode.
 */
public final class GptTokenizer implements Tokenizer {
    /** The vocabulary's file: pieces of words and their ids. */
    public static final String VOCABULARY_FILE = "encoder_bpe_40000.json";
    /** The merges' file: after a line of its version, a line for each pair of pieces that become one, the frequent first. */
    public static final String MERGES_FILE = "vocab_40000.bpe";

    private static final String UNKNOWN = "<unk>";
    private static final String END_OF_WORD = "</w>";

    private final HuggingFaceTokenizer tokenizer;
    private final int vocabularySize;

    static {
        // Before the library's classes look: where its native part is unpacked, that it reports to nobody, and that it is
        // silent without a logger.
        System.setProperty("DJL_CACHE_DIR", UserCache.folder("tokenizer").toString());
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("slf4j.internal.verbosity", "ERROR");
    }

    private GptTokenizer(HuggingFaceTokenizer tokenizer, int vocabularySize) {
        this.tokenizer = tokenizer;
        this.vocabularySize = vocabularySize;
    }

    /** Whether a folder has both files of a vocabulary, under these names or Hugging Face's. */
    public static boolean isIn(Path folder) {
        return files(folder).values().stream().allMatch(Files::exists);
    }

    /**
     * Where the files of a folder's vocabulary lie, by these names: under the same, or as Hugging Face has them,
     * {@code vocab.json} and {@code merges.txt}.
     */
    public static Map<String, Path> files(Path folder) {
        Path theirs = folder.resolve("vocab.json");
        return Files.exists(theirs) && !Files.exists(folder.resolve(VOCABULARY_FILE))
                ? Map.of(VOCABULARY_FILE, theirs, MERGES_FILE, folder.resolve("merges.txt"))
                : Map.of(VOCABULARY_FILE, folder.resolve(VOCABULARY_FILE), MERGES_FILE, folder.resolve(MERGES_FILE));
    }

    /**
     * Reads a vocabulary.
     *
     * @param folder with its {@linkplain #files files}
     * @throws BadInputException if a file is missing or not what its name says
     */
    public static GptTokenizer open(Path folder) {
        Map<String, Path> files = files(folder);
        ObjectNode vocabulary = vocabulary(files.get(VOCABULARY_FILE));
        ArrayNode merges = merges(files.get(MERGES_FILE));
        byte[] definition = definition(vocabulary, merges).toString().getBytes(StandardCharsets.UTF_8);
        try {
            return new GptTokenizer(HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(definition),
                    Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false")),
                    vocabulary.size() + 1);
        } catch (IOException | RuntimeException e) {
            throw new BadInputException(folder + " holds no vocabulary of GPT-1 (" + firstLine(e) + "); name another "
                    + "with --vocabulary", e);
        } catch (LinkageError e) {
            throw new RunFailedException("the tokenizer's native library cannot be loaded on this machine ("
                    + firstLine(e) + "); prepare the data on another machine and copy the .npz files", e);
        }
    }

    private static String firstLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }

    private static ObjectNode vocabulary(Path file) {
        try {
            if (Json.mapper().readTree(read(file)) instanceof ObjectNode pieces && pieces.has(UNKNOWN)) {
                return pieces;
            }
        } catch (JsonProcessingException e) {
            throw new BadInputException(file + " is no JSON (" + e.getOriginalMessage() + "); fetch it anew", e);
        }
        throw new BadInputException(file + " is no vocabulary with " + UNKNOWN + "; fetch it anew");
    }

    private static ArrayNode merges(Path file) {
        ArrayNode merges = Json.mapper().createArrayNode();
        List<String> lines = read(file).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean isVersion = i == 0 && line.startsWith("#version");
            if (!isVersion && !line.isBlank()) {
                if (line.split(" ").length != 2) {
                    throw new BadInputException(file + ": line " + (i + 1) + " is no pair of pieces; fetch it anew");
                }
                merges.add(line);
            }
        }
        return merges;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new BadInputException(file + " cannot be read (" + e + "); --vocabulary names the folder with "
                    + VOCABULARY_FILE + " and " + MERGES_FILE, e);
        }
    }

    /** The tokenizer as the library's own format says it. */
    private static ObjectNode definition(ObjectNode vocabulary, ArrayNode merges) {
        ObjectNode all = Json.mapper().createObjectNode().put("version", "1.0");
        all.putArray("added_tokens").addObject().put("id", vocabulary.get(UNKNOWN).asInt()).put("content", UNKNOWN)
                .put("single_word", false).put("lstrip", false).put("rstrip", false).put("normalized", false)
                .put("special", true);
        all.putObject("normalizer").put("type", "BertNormalizer").put("clean_text", true)
                .put("handle_chinese_chars", true).putNull("strip_accents").put("lowercase", true);
        all.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        all.putObject("decoder").put("type", "BPEDecoder").put("suffix", END_OF_WORD);
        ObjectNode model = all.putObject("model").put("type", "BPE").put("unk_token", UNKNOWN)
                .put("continuing_subword_prefix", "").put("end_of_word_suffix", END_OF_WORD).put("fuse_unk", false);
        model.set("vocab", vocabulary);
        model.set("merges", merges);
        return all;
    }

    @Override
    public List<int[]> encode(List<String> lines) {
        return Stream.of(tokenizer.batchEncode(lines, false, false)).map(GptTokenizer::ids).toList();
    }

    private static int[] ids(Encoding encoding) {
        long[] ids = encoding.getIds();
        int[] shifted = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            shifted[i] = Math.toIntExact(ids[i] + 1);
        }
        return shifted;
    }

    @Override
    public String decode(int[] ids) {
        long[] shifted = new long[ids.length];
        int count = 0;
        for (int id : ids) {
            if (id > 0) {
                shifted[count++] = id - 1L;
            }
        }
        return tokenizer.decode(Arrays.copyOf(shifted, count), false);
    }

    @Override
    public int vocabularySize() {
        return vocabularySize;
    }

    /** Frees the native memory. */
    @Override
    public void close() {
        tokenizer.close();
    }
}
