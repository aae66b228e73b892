package dev.culebra.experiments.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culebra.experiments.files.Json;
import dev.culebra.experiments.study.Experiment;
import dev.culebra.experiments.study.ModelKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A run on {@code cuda} is that of the reference, within what rounding explains, and always the same. */
class CudaRunTest extends OnCuda {
    private static final String LSTM = "exp9 --hidden-size 8 --dropout 0.2 --clip-norm 1 --json ";
    private static final String GPT = "exp6 --dropout 0.2 --clip-norm 1 --json ";

    private static Stream<Arguments> precisions() {
        return Stream.of(LSTM, GPT)
                .flatMap(words -> Stream.of(Arguments.of(words, "tf32", 2e-3), Arguments.of(words, "bf16", 2e-2)));
    }

    /** Each epoch's last batch has two sequences in place of four. */
    @ParameterizedTest
    @EnumSource(Experiment.class)
    void everyExperimentFollowsTheReference(Experiment experiment) {
        String words = experiment + (experiment.model() == ModelKind.LSTM ? " --hidden-size 8" : "") + " --json";
        assertFollowsTheReference(words, "fp32", 1e-4);
    }

    @ParameterizedTest
    @MethodSource("precisions")
    void soItDoesInLessPrecision(String words, String precision, double tolerance) {
        assertFollowsTheReference(words, precision, tolerance);
    }

    private void assertFollowsTheReference(String words, String precision, double tolerance) {
        Program reference = run(words + " --device reference", "reference").assertDone();
        Program cuda = run(words + " --precision " + precision, "cuda").assertDone();
        assertClose(losses(reference.events("step")), losses(cuda.events("step")), tolerance);
        assertClose(losses(validations(reference)), losses(validations(cuda)), tolerance);
        assertClose(losses(reference.events("evaluation")), losses(cuda.events("evaluation")), tolerance);
        assertEquals(14, cuda.events("step").size());
        assertEquals("cuda:0", cuda.events("start").getFirst().get("device").asText());
        assertTellsItsLibraries();
    }

    /** The driver's own version only NVML knows, which need not be there. */
    private void assertTellsItsLibraries() {
        JsonNode config = assertDoesNotThrow(
                () -> Json.mapper().readTree(folder.resolve("cuda/config.json").toFile()));
        JsonNode libraries = config.get("provenance").get(0).get("libraries");
        for (String library : List.of("CUDA of the driver", "cuDNN", "cuBLASLt", "NVRTC")) {
            assertTrue(libraries.path(library).asText().matches("\\d+\\.\\d+.*"), library + " in " + libraries);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {LSTM, GPT})
    void generatesWhatTheReferenceGenerates(String words) {
        run(words + " --device reference", "run").assertDone();
        List<JsonNode> reference = generate("reference", "run").events("token");
        List<JsonNode> cuda = generate("cuda", "run").events("token");
        assertEquals(20, cuda.size());
        for (int i = 0; i < 20; i++) {
            assertEquals(reference.get(i).get("id"), cuda.get(i).get("id"), "token " + i);
            assertEquals(reference.get(i).get("log_probability").asDouble(),
                    cuda.get(i).get("log_probability").asDouble(), 1e-4, "token " + i);
        }
    }

    private static List<JsonNode> validations(Program program) {
        return program.events("epoch").stream().map(epoch -> epoch.get("validation")).toList();
    }

    private static double[] losses(List<JsonNode> events) {
        return events.stream().mapToDouble(event -> event.get("loss").asDouble()).toArray();
    }

    private static void assertClose(double[] expected, double[] actual, double tolerance) {
        assertFalse(expected.length == 0);
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], tolerance * expected[i], "loss " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fp32", "bf16"})
    void oneSeedGivesOneRunWithAGraphAndWithout(String precision) throws IOException {
        for (String words : List.of(LSTM, GPT)) {
            String name = words.split(" ")[0];
            String inPrecision = words + "--precision " + precision;
            Program first = run(inPrecision, name).assertDone();
            for (String more : List.of(" ", " --no-graph")) {
                Program second = run(inPrecision + more, name + more).assertDone();
                assertEquals(first.events("step").stream().map(step -> step.get("loss")).toList(),
                        second.events("step").stream().map(step -> step.get("loss")).toList());
                assertEquals(validations(first), validations(second));
                assertArrayEquals(tensors(name), tensors(name + more));
            }
        }
    }

    /** The numbers of a run's last checkpoint, of which the header tells the time it took. */
    private byte[] tensors(String directory) throws IOException {
        byte[] file = Files.readAllBytes(folder.resolve(directory).resolve("last.safetensors"));
        long header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return Arrays.copyOfRange(file, Math.toIntExact(Long.BYTES + header), file.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {LSTM, GPT})
    void aCheckpointIsReadOnEitherDevice(String words) {
        Program cuda = run(words, "cuda").assertDone();
        assertEquals(cuda.events("evaluation"), evaluate("cuda", "cuda").events("evaluation"));
        assertSameEvaluation("cuda");
        run(words + "--device reference", "reference").assertDone();
        assertSameEvaluation("reference");
    }

    private void assertSameEvaluation(String directory) {
        assertClose(losses(evaluate("reference", directory).events("evaluation")),
                losses(evaluate("cuda", directory).events("evaluation")), 1e-5);
    }
}
