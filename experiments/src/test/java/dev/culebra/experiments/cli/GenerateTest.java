package dev.culebra.experiments.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culebra.experiments.run.SmallText;
import dev.culebra.experiments.text.GptTokenizerTest;
import dev.culebra.nn.LanguageModel;
import dev.culebra.nn.ModelOptions;
import dev.culebra.nn.checkpoint.Checkpoint;
import dev.culebra.nn.checkpoint.SafetensorsWriter;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class GenerateTest {
    private static final String LSTM = "exp9 --hidden-size 8 --max-steps 5";
    private static final String GPT = "exp11 --max-steps 5";

    @TempDir
    Path folder;
    private Path data;

    @BeforeEach
    void writeText() throws IOException {
        data = SmallText.in(Files.createDirectory(folder.resolve("data")));
    }

    /** A checkpoint of a run that has hardly learned anything. */
    private Path checkpoint(String words) {
        Path run = folder.resolve("run");
        Program.run(SmallText.run(words), "--data", data, "--run-dir", run).assertDone();
        return run.resolve("last.safetensors");
    }

    private static Program generate(Path checkpoint, String words) {
        return Program.run("generate --device reference " + words, "--checkpoint", checkpoint);
    }

    private static List<Integer> tokens(Program program) {
        return program.events("token").stream().map(token -> token.get("id").asInt()).toList();
    }

    /** 20 tokens are past a GPT's 8 positions, so what its window then holds is told here too. */
    @ParameterizedTest
    @ValueSource(strings = {LSTM, GPT})
    void withoutTemperatureTheModelsLikeliestTokensFollow(String run) throws IOException {
        Path checkpoint = checkpoint(run);
        Program program = generate(checkpoint, "--prompt-ids 3,9,2 --temperature 0 --max-tokens 20 --json")
                .assertDone();
        List<Integer> text = new ArrayList<>(List.of(3, 9, 2));
        int start = 0;
        for (JsonNode token : program.events("token")) {
            if (run.equals(GPT) && text.size() - start > 8) {
                start = text.size() - 1 - 4;
            }
            double[] expected = logProbabilities(checkpoint, text.subList(start, text.size()));
            int id = token.get("id").asInt();
            for (int other = 1; other < expected.length; other++) {
                assertTrue(expected[id] >= expected[other] - 1e-9, text + ": " + other + " is likelier than " + id);
            }
            assertEquals(expected[id], token.get("log_probability").asDouble(), 1e-9);
            text.add(id);
            assertEquals(text.size() - 3, token.get("index").asInt());
        }
        assertEquals(23, text.size());
        assertEquals(3, program.events("end").getFirst().get("prompt_tokens").asInt());
        assertEquals(20, program.events("end").getFirst().get("tokens").asInt());
        assertEquals("reference", program.events("prompt").getFirst().get("device").asText());
    }

    private static double[] logProbabilities(Path file, List<Integer> text) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(file);
                ReferenceBackend backend = new ReferenceBackend();
                LanguageModel model = LanguageModel.create(backend, checkpoint.spec(OptionalInt.empty()),
                        new ModelOptions(1, text.size(), 0, false, 0))) {
            checkpoint.loadWeights(model);
            double[] all = model.logProbabilities(text.stream().mapToInt(Integer::intValue).toArray()).toDoubles();
            return Arrays.copyOfRange(all, all.length - SmallText.VOCABULARY, all.length);
        }
    }

    @Test
    void oneSeedGivesOneTextAndAnotherAnother() {
        Path checkpoint = checkpoint(LSTM);
        List<Integer> text = tokens(generate(checkpoint, "--prompt-ids 1 --seed 1 --json").assertDone());
        assertEquals(100, text.size());
        assertEquals(text, tokens(generate(checkpoint, "--prompt-ids 1 --seed 1 --json").assertDone()));
        assertNotEquals(text, tokens(generate(checkpoint, "--prompt-ids 1 --seed 2 --json").assertDone()));
    }

    @Test
    void withoutAVocabularyTokensArePrinted() {
        Path checkpoint = checkpoint(LSTM);
        String words = "--prompt-ids 3,9 --temperature 0 --max-tokens 4";
        String ids = tokens(generate(checkpoint, words + " --json").assertDone()).stream().map(String::valueOf)
                .collect(Collectors.joining(","));
        Program program = generate(checkpoint, words).assertDone();
        assertEquals("3,9," + ids + System.lineSeparator(), program.out());
        assertTrue(program.err().matches("(?s)Device: .*4 tokens in \\d+\\.\\d s, \\d+ a second\\R"), program.err());
    }

    @Test
    void theVocabularyIsFoundInTheDataOfTheRun() throws IOException {
        GptTokenizerTest.vocabulary(data);
        Path checkpoint = checkpoint(LSTM + " --vocabulary-size " + GptTokenizerTest.VOCABULARY_SIZE);
        Program program = Program
                .run("generate --device reference --max-tokens 5 --checkpoint " + checkpoint + " --prompt", "the THE")
                .assertDone();
        assertTrue(program.out().startsWith("the the"), program.out());
        Program.run("generate --device reference --max-tokens 1 --prompt the --vocabulary " + data, "--checkpoint",
                checkpoint).assertDone();
    }

    @Test
    void theVocabularyIsFoundBesideTheModelAsHuggingFaceNamesIt() throws IOException {
        Path checkpoint = checkpoint(LSTM + " --vocabulary-size " + GptTokenizerTest.VOCABULARY_SIZE);
        Path vocabulary = GptTokenizerTest.vocabulary(Files.createDirectory(folder.resolve("vocabulary")));
        Files.move(vocabulary.resolve("encoder_bpe_40000.json"), checkpoint.resolveSibling("vocab.json"));
        Files.move(vocabulary.resolve("vocab_40000.bpe"), checkpoint.resolveSibling("merges.txt"));
        generate(checkpoint, "--max-tokens 1 --prompt the").assertDone();
    }

    @Test
    void theBuiltInCorpusHasWords() {
        Path run = folder.resolve("run");
        Program.run("exp3 --device cpu --hidden-size 4 --embedding-width 4 --max-steps 1 --sequence-length 8",
                "--run-dir",
                run).assertDone();
        String words = "generate --device cpu --max-tokens 3 --temperature 0 --checkpoint " + run.resolve(
                "last.safetensors") + " --prompt";
        Program program = Program.run(words, "In the\n beginning,").assertDone();
        assertTrue(program.out().matches("in the beginning, .*\\R"), program.out());
        Program.run(words, " \n").assertFails(2, "--prompt has no word to begin with; give at least one");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --prompt-ids 11                  | --prompt-ids takes tokens from 1 to 10, not 11
            --prompt-ids 3,0                 | --prompt-ids takes tokens from 1 to 10, not 0
            --prompt-ids 1 --temperature -1  | --temperature must be a number of at least 0, but is -1.0
            --prompt-ids 1 --top-k 0         | --top-k must be at least 1, but is 0
            --prompt-ids 1 --top-p 0         | --top-p must be above 0 and at most 1, but is 0.0
            --prompt-ids 1 --max-tokens 0    | --max-tokens must be at least 1, but is 0
            --prompt word                    | the vocabulary of this model is not known; name the folder with encoder_bpe_40000.json and vocab_40000.bpe with --vocabulary ('data prepare' puts both beside the .npz files), or give tokens with --prompt-ids
            """)
    void whatCannotBeIsOneLine(String words, String message) {
        generate(checkpoint(LSTM), words).assertFails(2, message);
    }

    @Test
    void whereThereIsNoBestCheckpointYetTheLastOneIsNamed() {
        Path last = checkpoint(LSTM);
        Path best = last.resolveSibling("best.safetensors");
        generate(best, "--prompt-ids 1").assertFails(2,
                best + ": there is no such file; its run has not completed an epoch, so use " + last);
        generate(best.resolveSibling("other.safetensors"), "--prompt-ids 1").assertFails(2,
                best.resolveSibling("other.safetensors") + ": there is no such file; name another checkpoint");
    }

    @Test
    void aVocabularyOfAnotherSizeIsRefused() throws IOException {
        Path vocabulary = GptTokenizerTest.vocabulary(Files.createDirectory(folder.resolve("vocabulary")));
        generate(checkpoint(LSTM), "--prompt the --vocabulary " + vocabulary).assertFails(2,
                "the vocabulary in " + vocabulary + " has " + GptTokenizerTest.VOCABULARY_SIZE
                        + " tokens, but the model "
                        + SmallText.VOCABULARY + "; name the model's own, or give tokens with --prompt-ids");
    }

    /** Of weights that are no numbers, and of those that leave the padding alone possible. */
    @ParameterizedTest
    @CsvSource({"NaN, 0.9", "NaN, 1", "-Infinity, 0.9", "-Infinity, 1"})
    void aModelThatPredictsNoTokenIsToldSo(float embedding, double topP) throws IOException {
        Path checkpoint = folder.resolve("broken.safetensors");
        try (ReferenceBackend backend = new ReferenceBackend()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put("embedding.weight", tensor(backend, Shape.of(3, 1), 0, embedding, embedding));
            tensors.put("lstm.weight_ih_l0", tensor(backend, Shape.of(4, 1), -1, -1, -1, -1));
            tensors.put("lstm.weight_hh_l0", tensor(backend, Shape.of(4, 1), 0, 0, 0, 0));
            tensors.put("lstm.bias_ih_l0", tensor(backend, Shape.of(4), 0, 0, 0, 0));
            tensors.put("lstm.bias_hh_l0", tensor(backend, Shape.of(4), 0, 0, 0, 0));
            tensors.put("classifier.0.weight", tensor(backend, Shape.of(1, 1), 1));
            tensors.put("classifier.0.bias", tensor(backend, Shape.of(1), 0));
            SafetensorsWriter.write(checkpoint, Map.of(), tensors);
        }
        Program program = generate(checkpoint, "--prompt-ids 1 --top-p " + topP);
        assertEquals(1, program.code());
        assertTrue(program.err().endsWith("error: the model predicts no token: " + checkpoint + " holds weights with "
                + "which nothing can be computed; use an earlier checkpoint" + System.lineSeparator()), program.err());
    }

    private static Tensor tensor(ReferenceBackend backend, Shape shape, float... values) {
        Tensor tensor = backend.allocate(DataType.F32, shape);
        tensor.set(values);
        return tensor;
    }

    /** As {@code head} does, which leaves when it has enough. */
    @ParameterizedTest
    @ValueSource(strings = {"", "--json"})
    void whatNobodyReadsIsNotGenerated(String json) {
        Path checkpoint = checkpoint(LSTM);
        AtomicInteger tokens = new AtomicInteger();
        OutputStream closing = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                if (tokens.get() >= 3) {
                    throw new IOException("Broken pipe");
                }
            }
        };
        Console console = new Console(new PrintStream(closing, true), new PrintStream(OutputStream.nullOutputStream()),
                false, () -> tokens.incrementAndGet() < 0);
        assertEquals(0, Commands.run(console, ("generate --device reference --max-tokens 50 --prompt-ids 3 "
                + "--checkpoint " + checkpoint + " " + json).strip().split(" ")));
        assertEquals(3, tokens.get());
    }

    @Test
    void anInterruptedTextEndsItsLine() {
        Path checkpoint = checkpoint(LSTM);
        AtomicInteger asked = new AtomicInteger();
        Program program = Program.run(() -> asked.incrementAndGet() > 3,
                "generate --device reference --temperature 0 --prompt-ids 3 --checkpoint " + checkpoint);
        assertEquals(130, program.code());
        assertTrue(program.out().matches("3,\\d+,\\d+,\\d+\\R"), program.out());
        assertTrue(
                program.err()
                        .contains("interrupted after 3 tokens. Begin anew with: java -jar experiments.jar generate"),
                program.err());
    }
}
